/** The mark: a marquee selection with two handles. The same drawing as public/favicon.svg. */
export function Brand({ size = 20 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="var(--accent)" />
      <rect x="8" y="9" width="16" height="14" fill="none" stroke="#fff" strokeWidth="2" strokeDasharray="4 2.6" />
      <rect x="6" y="7" width="4" height="4" fill="#fff" />
      <rect x="22" y="21" width="4" height="4" fill="#fff" />
    </svg>
  )
}
