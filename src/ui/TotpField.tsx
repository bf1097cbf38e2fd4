// ui: what the person sees; speaks the protocol like any other client. This file: the setup key of one-time codes:
// typed, pasted, or read from a QR code.

import { ScanQrCode } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import type { OneTimeProblem } from '../items/oneTimeCode.ts'
import { HiddenField } from './HiddenField.tsx'
import { Icon } from './Icon.tsx'
import { longestText } from './itemForm.ts'
import { ErrorAlert, say } from './Notices.tsx'
import { PictureButton, takePastedPicture } from './PictureInput.tsx'
import { readPicture, readVisibleTab } from './qrPicture.ts'
import { useTask } from './task.ts'
import { t } from './words.ts'

export function TotpField({
  value,
  onValue,
}: {
  readonly value: string
  readonly onValue: (value: string) => void
}) {
  const task = useTask()
  const problem = useProblem(value)
  const take = (read: () => Promise<string | null>) =>
    task.run(async () => {
      const text = await read()
      if (text === null) return task.fail(t('item_qr_none'))
      if ((await problemIn(text)) !== null) return task.fail(t('item_qr_not_code'))
      onValue(text)
      say(t('item_qr_found'))
    })
  const paste = (event: ClipboardEvent) => {
    const picture = takePastedPicture(event)
    if (picture) take(() => readPicture(picture))
  }
  return (
    <div class="stack tight" onPaste={paste}>
      <HiddenField
        label={t('item_totp')}
        value={value}
        onValue={onValue}
        maxLength={longestText}
        hint={
          <p class={problem ? 'hint warn' : 'hint'}>
            {problem ? problemWords(problem) : t('item_totp_hint')}
          </p>
        }
      />
      <div class="row">
        <button
          type="button"
          class="quiet"
          disabled={task.busy}
          onClick={() => take(readVisibleTab)}
        >
          <Icon of={ScanQrCode} />
          {t('item_qr_page')}
        </button>
        <PictureButton disabled={task.busy} onPicture={(file) => take(() => readPicture(file))} />
      </div>
      <ErrorAlert error={task.error} />
    </div>
  )
}

/** The library comes when there is something to read. */
async function problemIn(text: string): Promise<OneTimeProblem | null> {
  const { readOneTimeSecret } = await import('../items/oneTimeCode.ts')
  const read = readOneTimeSecret(text)
  return 'problem' in read ? read.problem : null
}

function useProblem(text: string): OneTimeProblem | null {
  const [problem, setProblem] = useState<OneTimeProblem | null>(null)
  useEffect(() => {
    let stale = false
    if (text === '') setProblem(null)
    else void problemIn(text).then((found) => stale || setProblem(found))
    return () => {
      stale = true
    }
  }, [text])
  return problem
}

const problemWords = (problem: OneTimeProblem): string =>
  problem === 'counter-based' ? t('item_totp_counter') : t('item_totp_bad')
