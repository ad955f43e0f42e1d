import { useState } from 'react'
import { faceUrl } from '../rules/face.ts'
import styles from './parts.module.css'

type Props = { id: string; side: 'staff' | 'customer'; src?: string | undefined; size?: number }

/** Decorative: the name always stands beside it. A picture that does not load gives way to the drawn face. */
export function Avatar({ id, side, src, size = 48 }: Props) {
  const [failed, setFailed] = useState<string | undefined>()
  const url = src && src !== failed ? src : faceUrl(id, side)
  return (
    <img
      className={styles.avatar}
      src={url}
      alt=""
      width={size}
      height={size}
      draggable={false}
      onError={() => setFailed(src)}
    />
  )
}

/** WeChat draws a group as up to nine of its members on grey. */
export function GroupAvatar({ members, size = 48 }: { members: readonly string[]; size?: number }) {
  const shown = members.slice(0, 9)
  const columns = shown.length <= 4 ? 2 : 3
  return (
    <span
      className={styles.groupAvatar}
      style={{ width: size, height: size, gridTemplateColumns: `repeat(${columns}, 1fr)` }}
    >
      {shown.map((id) => (
        <img key={id} src={faceUrl(id, 'customer')} alt="" />
      ))}
    </span>
  )
}
