import { useState } from 'react'
import styles from './parts.module.css'

const NOBODY = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><rect width="100" height="100" fill="#d9d9d9"/><circle cx="50" cy="40" r="18" fill="#fff"/><path d="M14 100c0-26 16-36 36-36s36 10 36 36z" fill="#fff"/></svg>')}`

/** Decorative: the name always stands beside it. A picture that does not load gives way to the empty one. */
export function Avatar({ src, size = 48 }: { src: string | undefined; size?: number }) {
  const [failed, setFailed] = useState<string | undefined>()
  const url = src && src !== failed ? src : NOBODY
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
