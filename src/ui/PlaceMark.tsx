// ui: what the person sees; speaks the protocol like any other client. This file: the mark of a signature on the page:
// drawn with the pointer, or moved by the arrow keys and sized by them with Shift.

import { useRef } from 'preact/hooks'
import type { PageBox } from '../pdf/index.ts'
import { type Place, within } from './markPlace.ts'
import { t } from './words.ts'

const step = 4

export function PlaceMark({
  page,
  place,
  onPlace,
  scale,
  lines,
}: {
  readonly page: PageBox
  readonly place: Place
  readonly onPlace: (place: Place) => void
  /** Pixels of the screen to a point. */
  readonly scale: number
  readonly lines: readonly string[]
}) {
  const from = useRef<{ x: number; y: number; place: Place; sizing: boolean } | null>(null)
  const move = (change: Partial<Place>) => onPlace(within(page, { ...place, ...change }))
  const begin = (event: PointerEvent) => {
    const element = event.currentTarget as HTMLElement
    element.setPointerCapture(event.pointerId)
    const { right, bottom } = element.getBoundingClientRect()
    const sizing = right - event.clientX < 16 && bottom - event.clientY < 16
    from.current = { x: event.clientX, y: event.clientY, place, sizing }
  }
  const drag = (event: PointerEvent) => {
    const start = from.current
    if (!start) return
    const [dx, dy] = [(event.clientX - start.x) / scale, (event.clientY - start.y) / scale]
    const { left, top, width, height } = start.place
    onPlace(
      within(page, {
        ...start.place,
        ...(start.sizing
          ? { width: width + dx, height: height + dy }
          : { left: left + dx, top: top + dy }),
      }),
    )
  }
  const onKey = (event: KeyboardEvent) => {
    const by = arrows[event.key as keyof typeof arrows]
    if (!by) return
    event.preventDefault()
    const [dx, dy] = by
    if (event.shiftKey) move({ width: place.width + dx * step, height: place.height + dy * step })
    else move({ left: place.left + dx * step, top: place.top + dy * step })
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: no element of HTML is moved about on another
    <div
      class="mark-place"
      role="group"
      aria-roledescription={t('mark_role')}
      aria-label={t('mark_label')}
      aria-description={t('mark_keys')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is moved by keys
      tabIndex={0}
      ref={(element) => {
        if (element) lay(element, place, scale)
      }}
      onPointerDown={begin}
      onPointerMove={drag}
      onPointerUp={() => {
        from.current = null
      }}
      onKeyDown={onKey}
    >
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </div>
  )
}

/** Where the author of a form wants it: nobody moves it. */
export function FixedMark({
  place,
  scale,
  lines,
}: {
  readonly place: Place
  readonly scale: number
  readonly lines: readonly string[]
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: no element of HTML is laid on another
    <div
      class="mark-place fixed"
      role="group"
      aria-label={t('mark_label')}
      ref={(element) => {
        if (element) lay(element, place, scale)
      }}
    >
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </div>
  )
}

const arrows = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
} as const

/** The policy of these pages allows no style in markup. */
function lay({ style }: HTMLElement, { left, top, width, height }: Place, scale: number): void {
  style.left = `${left * scale}px`
  style.top = `${top * scale}px`
  style.width = `${width * scale}px`
  style.height = `${height * scale}px`
}
