// ui: what the person sees; speaks the protocol like any other client. This file: what a signed message holds, as text
// where it is text; it can be saved.

import { Download } from 'lucide'
import { useId } from 'preact/hooks'
import type { Bytes } from '../codec/bytes.ts'
import { safeFileName } from '../codec/fileName.ts'
import { decodeUtf8 } from '../codec/text.ts'
import { download } from './download.ts'
import { sizeWords } from './fileWords.ts'
import { Icon } from './Icon.tsx'
import { signedName } from './verifyParts.ts'
import { t } from './words.ts'

/** What a person reads on a screen; all of it can be saved. */
const mostShown = 20_000

export function SignedContent({
  content,
  title = t('verify_doc_content'),
  name,
  warning = null,
}: {
  readonly content: Bytes
  readonly title?: string
  /** Of the file that holds it. */
  readonly name: string
  readonly warning?: string | null
}) {
  const id = useId()
  const text = textOf(content)
  const save = () => {
    const inner = signedName(name)
    const ending = text === null ? '.bin' : isMail(text) ? '.eml' : '.txt'
    const plain = inner === name || !inner.includes('.') ? `${inner}${ending}` : inner
    download(safeFileName(plain) ?? `content${ending}`, new Blob([content]))
  }
  return (
    <div class="stack tight">
      <div class="label-row">
        <h3 id={id}>{title}</h3>
        <button type="button" class="quiet" onClick={save}>
          <Icon of={Download} />
          {t('verify_doc_content_save')}
        </button>
      </div>
      {warning && <p class="hint warn">{warning}</p>}
      {text === null ? (
        <p>{t('verify_doc_content_binary', [sizeWords(content.byteLength)])}</p>
      ) : (
        <>
          {text.length > mostShown && (
            <p class="hint">{t('verify_doc_content_long', [sizeWords(content.byteLength)])}</p>
          )}
          <output class="mono signed-content" aria-labelledby={id}>
            {text.slice(0, mostShown)}
          </output>
        </>
      )}
    </div>
  )
}

/** A part of a mail, with its fields. */
const isMail = (text: string): boolean => /^(mime-version|content-type):/i.test(text)

/** `null`: it is none, or holds what no text has. */
function textOf(content: Bytes): string | null {
  try {
    const text = decodeUtf8(content)
    return /\p{Cc}/u.test(text.slice(0, mostShown).replaceAll(/\s/g, '')) ? null : text
  } catch {
    return null
  }
}
