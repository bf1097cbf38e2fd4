// ui: what the person sees; speaks the protocol like any other client. This file: a PDF, page by page, as the sandboxed
// frame draws it; and on the page what is laid over it.

import { ChevronLeft, ChevronRight } from 'lucide'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Bytes } from '../codec/bytes.ts'
import { Icon } from './Icon.tsx'
import { Preview } from './preview.ts'
import { t } from './words.ts'

type State =
  | { readonly is: 'opening' }
  | { readonly is: 'open'; readonly preview: Preview; readonly pages: number }
  | { readonly is: 'failed' }

export function PdfPages({
  bytes,
  page,
  onPage,
  width,
  children,
}: {
  readonly bytes: Bytes
  /** From 1. */
  readonly page: number
  readonly onPage: (page: number) => void
  /** Of the page on the screen. */
  readonly width: number
  readonly children?: ComponentChildren
}) {
  const [state, setState] = useState<State>({ is: 'opening' })
  useEffect(() => {
    const preview = new Preview()
    setState({ is: 'opening' })
    void preview.open(bytes).then((pages) => {
      setState(pages === null ? { is: 'failed' } : { is: 'open', preview, pages })
    })
    return () => preview.close()
  }, [bytes])
  if (state.is === 'failed') return <p role="note">{t('preview_failed')}</p>
  return (
    <div class="stack tight">
      <div class="pdf-page" aria-busy={state.is === 'opening'}>
        {state.is === 'open' ? (
          <Drawn preview={state.preview} page={page} width={width} />
        ) : (
          <p class="hint">{t('preview_opening')}</p>
        )}
        {children}
      </div>
      {state.is === 'open' && <Turning page={page} pages={state.pages} onPage={onPage} />}
    </div>
  )
}

function Turning({
  page,
  pages,
  onPage,
}: {
  readonly page: number
  readonly pages: number
  readonly onPage: (page: number) => void
}) {
  return (
    <div class="row">
      <button
        type="button"
        class="quiet"
        aria-label={t('preview_before')}
        disabled={page <= 1}
        onClick={() => onPage(page - 1)}
      >
        <Icon of={ChevronLeft} />
      </button>
      <span role="status">{t('preview_page', [String(page), String(pages)])}</span>
      <button
        type="button"
        class="quiet"
        aria-label={t('preview_after')}
        disabled={page >= pages}
        onClick={() => onPage(page + 1)}
      >
        <Icon of={ChevronRight} />
      </button>
    </div>
  )
}

function Drawn({
  preview,
  page,
  width,
}: {
  readonly preview: Preview
  readonly page: number
  readonly width: number
}) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    let wanted = true
    void preview.draw(page, width * devicePixelRatio).then((picture) => {
      if (!wanted) return
      setFailed(picture === null)
      if (picture && canvas.current) show(canvas.current, picture, width)
    })
    return () => {
      wanted = false
    }
  }, [preview, page, width])
  return (
    <>
      {failed && <p role="note">{t('preview_page_failed')}</p>}
      <canvas
        ref={canvas}
        role="img"
        aria-label={t('preview_page_of', [String(page)])}
        hidden={failed}
      />
    </>
  )
}

function show(canvas: HTMLCanvasElement, picture: ImageBitmap, width: number): void {
  canvas.width = picture.width
  canvas.height = picture.height
  canvas.style.width = `${width}px`
  canvas.getContext('2d')?.drawImage(picture, 0, 0)
  picture.close()
}
