import '#shared/theme/base.css'
import { createRoot } from 'react-dom/client'
import { applyPalette } from '#shared/theme/tokens.ts'

applyPalette('light')
const root = document.getElementById('root')
if (root) createRoot(root).render(<p>暖域</p>)
