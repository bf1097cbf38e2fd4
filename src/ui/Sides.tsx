// ui: what the person sees; speaks the protocol like any other client. This file: the sides of one thing,
// each a place of its own in the address.

interface SideLink {
  readonly href: string
  readonly label: string
  readonly here: boolean
}

export function Sides({
  label,
  sides,
}: {
  readonly label: string
  readonly sides: readonly SideLink[]
}) {
  return (
    <nav class="sides" aria-label={label}>
      {sides.map(({ href, label: words, here }) => (
        <a key={href} href={href} aria-current={here ? 'page' : undefined}>
          {words}
        </a>
      ))}
    </nav>
  )
}
