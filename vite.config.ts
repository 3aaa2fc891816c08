import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [react()],
  build: { outDir: 'dist', target: 'es2023', sourcemap: false },
  worker: { format: 'es' },
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'proxy/**/*.test.ts', 'proto/**/*.test.ts'],
    environment: 'node',
    testTimeout: 20_000,
  },
})
