// ui: what the person sees; speaks the protocol like any other client. This file: the very bytes that will be signed, as
// far as they can be shown: text as text, everything else by its digest.

import { useEffect, useState } from 'preact/hooks'
import { encodeHex } from '../codec/text.ts'
import { visibleLines } from '../codec/visible.ts'
import { digestStream } from '../documents/index.ts'
import { sizeWords } from './fileWords.ts'
import { ErrorAlert } from './Notices.tsx'
import { t } from './words.ts'

const mostShown = 64 * 1024

interface Shown {
  /** `null`: no text. */
  readonly text: string | null
  readonly digest: string
}

export function FilePreview({ file }: { readonly file: Blob }) {
  const [shown, setShown] = useState<Shown | null>(null)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    let wanted = true
    setShown(null)
    look(file).then((found) => wanted && setShown(found), setError)
    return () => {
      wanted = false
    }
  }, [file])
  return (
    <div class="stack tight" aria-busy={shown === null}>
      <ErrorAlert error={error} />
      {shown?.text === null && <p class="hint">{t('sign_preview_binary')}</p>}
      {shown && shown.text !== null && (
        <>
          {file.size > mostShown && (
            <p class="hint">{t('sign_preview_part', [sizeWords(file.size)])}</p>
          )}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys */}
          <pre class="document-text" tabIndex={0}>
            {shown.text}
          </pre>
        </>
      )}
      {shown && (
        <dl class="facts">
          <dt>{t('sign_preview_digest')}</dt>
          <dd class="mono">{shown.digest}</dd>
        </dl>
      )}
    </div>
  )
}

async function look(file: Blob): Promise<Shown> {
  const { 'SHA-256': digest = new Uint8Array() } = await digestStream(file.stream(), ['SHA-256'])
  const head = new Uint8Array(await file.slice(0, mostShown).arrayBuffer())
  return { text: textOf(head, head.byteLength < file.size), digest: encodeHex(digest) }
}

/** @param isPart it may end within a letter */
function textOf(bytes: Uint8Array, isPart: boolean): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isPart })
    return text.includes('\0') ? null : visibleLines(text)
  } catch {
    return null
  }
}
