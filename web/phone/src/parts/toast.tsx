import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import styles from './parts.module.css'

type Toast = { text: string; bad: boolean }
const ToastContext = createContext<(text: string, bad?: boolean) => void>(() => undefined)

/** A short word in the middle of the phone. */
export function useToast() {
  return useContext(ToastContext)
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toast, setToast] = useState<Toast | undefined>()
  const show = useCallback((text: string, bad = false) => setToast({ text, bad }), [])
  useEffect(() => {
    if (!toast) return
    const timer = setTimeout(() => setToast(undefined), toast.bad ? 5000 : 1800)
    return () => clearTimeout(timer)
  }, [toast])
  const value = useMemo(() => show, [show])
  return (
    <ToastContext.Provider value={value}>
      {children}
      <div className={styles.toastPlace} role="status">
        {toast && <span className={styles.toast}>{toast.text}</span>}
      </div>
    </ToastContext.Provider>
  )
}
