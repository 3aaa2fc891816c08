import { useUploads } from '#app/inputs/useUploads.ts'
export function UploadsButton() {
  const items = useUploads()
  return items.length === 0 ? null : <span>{items.length}</span>
}
