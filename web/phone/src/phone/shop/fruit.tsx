import styles from './shop.module.css'

type Look = { readonly ground: string; readonly flesh: string; readonly deep: string; readonly count: number }

const LOOKS: Readonly<Record<string, Look>> = {
  榴莲: { ground: '#f4f0d9', flesh: '#c9b440', deep: '#8a7a1c', count: 1 },
  苹果: { ground: '#fbe9e6', flesh: '#dc4a3d', deep: '#a52a22', count: 1 },
  车厘子: { ground: '#f6e4ea', flesh: '#9c1c3c', deep: '#6d0f28', count: 2 },
  葡萄: { ground: '#eef4dc', flesh: '#9dbb45', deep: '#6d8a22', count: 6 },
  芒果: { ground: '#fff0d6', flesh: '#f0a52e', deep: '#c87a12', count: 1 },
  草莓: { ground: '#fde8ea', flesh: '#e5404f', deep: '#b32533', count: 2 },
  果切: { ground: '#e6f3ec', flesh: '#f08a4b', deep: '#3f9a72', count: 4 },
  礼盒: { ground: '#f7e8e0', flesh: '#c8553d', deep: '#e0a640', count: 4 },
}
const PLAIN: Look = { ground: '#ececec', flesh: '#9a9a9a', deep: '#6f6f6f', count: 1 }

/** The husk of a durian: sixteen thorns around its middle. */
const SPIKES = `M${Array.from({ length: 32 }, (_, n) => {
  const reach = n % 2 === 0 ? 35 : 27
  const angle = (n * Math.PI) / 16
  return `${(50 + reach * Math.cos(angle)).toFixed(1)} ${(55 + reach * Math.sin(angle)).toFixed(1)}`
}).join('L')}Z`

/** Where so many fruits lie in a square of 100, and how large they are. */
const PLACES: Readonly<Record<number, readonly (readonly [x: number, y: number, r: number])[]>> = {
  1: [[50, 55, 29]],
  2: [
    [36, 60, 20],
    [65, 64, 20],
  ],
  4: [
    [35, 42, 16],
    [66, 42, 16],
    [35, 70, 16],
    [66, 70, 16],
  ],
  6: [
    [32, 44, 14],
    [54, 42, 14],
    [74, 46, 14],
    [43, 62, 14],
    [64, 63, 14],
    [53, 79, 13],
  ],
}

/** A drawing of the goods: there are no photographs here. */
export function Fruit({
  category,
  id,
  small = false,
  large = false,
}: {
  category: string
  id: string
  small?: boolean
  large?: boolean
}) {
  const { ground, flesh, deep, count } = LOOKS[category] ?? PLAIN
  const places = PLACES[count] ?? []
  const shade = `shade-${id}${small ? '-s' : ''}${large ? '-l' : ''}`
  return (
    <svg
      viewBox="0 0 100 100"
      aria-hidden="true"
      style={{ background: ground }}
      className={small ? styles.pictureSmall : large ? styles.pictureLarge : styles.picture}
    >
      <defs>
        <radialGradient id={shade} cx="0.35" cy="0.3" r="0.8">
          <stop offset="0" stopColor="#fff" stopOpacity="0.55" />
          <stop offset="0.4" stopColor={flesh} />
          <stop offset="1" stopColor={deep} />
        </radialGradient>
      </defs>
      <rect width="100" height="100" fill={ground} />
      <ellipse cx="50" cy="88" rx="32" ry="4" fill="#000" opacity="0.08" />
      <path d="M50 34c0-9 3-14 9-18" stroke="#6b4a2b" strokeWidth="3" fill="none" strokeLinecap="round" />
      <path d="M56 24c6-9 16-9 20-5-4 7-13 10-20 5Z" fill="#5a9a4a" />
      {category === '榴莲' && <path d={SPIKES} fill={deep} />}
      {places.map(([cx, cy, r]) => (
        <circle key={`${cx} ${cy}`} cx={cx} cy={cy} r={r} fill={`url(#${shade})`} />
      ))}
    </svg>
  )
}
