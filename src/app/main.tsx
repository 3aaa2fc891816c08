import '#ui/mantine.css'
import '#ui/tokens.css'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { connect } from './connection.ts'
import { registerServiceWorker } from './offline/register.ts'
import { Providers } from './providers.tsx'
import { createAppRouter } from './router.tsx'

const connection = connect(window.location.origin)
const router = createAppRouter(connection)
const root = document.getElementById('root')
if (!root) throw new Error('index.html lost its #root')

createRoot(root).render(
  <StrictMode>
    <Providers connection={connection}>
      <RouterProvider router={router} />
    </Providers>
  </StrictMode>,
)

registerServiceWorker()
