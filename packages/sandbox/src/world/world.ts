import { hash, seedOf } from '../random.ts'
import { BRAND, BRAND_GROUPS, BRAND_TAGS, foundDepartments, hireStaff } from './brand.ts'
import { type Codes, createCodes } from './codes.ts'
import { type Customers, createCustomers } from './customers.ts'
import { createDepartments, type Departments } from './departments.ts'
import { createGroups, type GroupMember, type Groups, memberKey } from './groups.ts'
import { createIdentity, type Identity } from './identity.ts'
import { type IdMaker, idMaker } from './ids.ts'
import { createMediaStore, type MediaStore } from './media.ts'
import { type SeedSize, seedRelations } from './relations.seed.ts'
import { createRelations, type Relations } from './relations.ts'
import { createStaff, type Staff } from './staff.ts'
import { createTags, type Tags } from './tags.ts'
import { createTemplates, type Templates } from './templates.ts'

/** One corp with its people: the state that the platform's handlers read and change. */
export interface World {
  readonly corpId: string
  readonly name: string
  readonly seed: number
  readonly identity: Identity
  readonly customers: Customers
  readonly departments: Departments
  readonly staff: Staff
  readonly relations: Relations
  /** Relations below this number came with the seed. */
  readonly seededRelations: number
  readonly tags: Tags
  /** Tag ids that seeded relations may carry. */
  readonly seededTags: readonly string[]
  readonly codes: Codes
  readonly groups: Groups
  readonly media: MediaStore
  readonly templates: Templates
  readonly newId: IdMaker
  /** The second the world was made for: what came before it is only in the seed. */
  readonly madeAtS: number
}

export interface WorldOptions {
  seed: string
  size: SeedSize
  nowS: number
}

/** The demo brand of any size: same seed and size, same world. */
export function createWorld(options: WorldOptions): World {
  const seed = seedOf(options.seed)
  const newId = idMaker(hash(seed, 10))
  const departments = createDepartments()
  const staff = createStaff()
  hireStaff(staff, foundDepartments(departments, options.size.staff), options.size.staff, seed)
  const base = seedRelations(options.size, seed, options.nowS)
  const identity = createIdentity(BRAND.corpId, seed)
  const tags = createTags(newId)
  const world: World = {
    corpId: BRAND.corpId,
    name: BRAND.name,
    seed,
    identity,
    customers: createCustomers(options.size.people, seed, identity),
    departments,
    staff,
    relations: createRelations(base),
    seededRelations: base.count,
    tags,
    seededTags: seedTags(tags, options.nowS),
    codes: createCodes(),
    groups: createGroups(),
    media: createMediaStore(),
    templates: createTemplates(),
    newId,
    madeAtS: options.nowS,
  }
  seedGroups(world, options.nowS)
  return world
}

function seedTags(tags: Tags, nowS: number): string[] {
  return BRAND_TAGS.flatMap(({ name, tags: names, appKey }, n) => {
    const createdAt = nowS - (400 - n) * 86_400
    const group = tags.addGroup({ name, order: 100 - n, createdAt, appKey: appKey ?? null })
    return names.map((tag, order) => tags.addTag(group, { name: tag, order: names.length - order, createdAt }).id)
  })
}

const GROUP_SIZE = 40

function seedGroups(world: World, nowS: number): void {
  const { staff, relations, newId } = world
  const owners = Math.min(staff.count, BRAND_GROUPS.length * 3)
  for (let n = 0; n < owners; n++) {
    const owner = staff.at(n)
    if (owner === undefined) return
    const createdAt = nowS - (200 - n) * 86_400
    const entry = (who: GroupMember['who'], scene: 1 | 2 | 3): GroupMember => ({
      who,
      joinedAt: createdAt,
      scene,
      invitor: scene === 1 ? owner.userid : undefined,
      state: '',
      nickname: '',
    })
    const members = [entry({ userid: owner.userid }, 1)]
    for (let i = 0; i < Math.min(GROUP_SIZE, relations.staffRows(n)); i++) {
      const row = relations.staffRow(n, i)
      if (relations.flags(row) === 0) members.push(entry({ customer: relations.customerOf(row) }, i % 3 === 0 ? 1 : 3))
    }
    const store = world.departments.get(owner.departments[0] ?? 1)?.name ?? world.name
    world.groups.add({
      chatId: newId('wr', 32),
      createdAt,
      name: `${store}${BRAND_GROUPS[n % BRAND_GROUPS.length]}`,
      owner: owner.userid,
      notice: '',
      members: new Map(members.map((m) => [memberKey(m), m])),
      admins: [],
      memberVersion: newId('', 32),
      dismissed: false,
      welcomeTemplate: undefined,
    })
  }
}
