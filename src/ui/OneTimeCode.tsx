// ui: what the person sees; speaks the protocol like any other client. This file: a one-time code and how long it
// holds. Neither is announced by itself: a code each half minute would talk over everything else.

import { Copy } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import type * as oneTime from '../items/oneTimeCode.ts'
import { Icon } from './Icon.tsx'
import { copyAndSay } from './itemWork.ts'
import { ErrorAlert } from './Notices.tsx'
import { useTask } from './task.ts'
import { t } from './words.ts'

const tickMs = 1000

/** The library comes when a code is first wanted. */
const library = () => import('../items/oneTimeCode.ts')

/** `undefined`: not known yet; `null`: the text gives no codes. */
function useCode(text: string): oneTime.OneTimeCode | null | undefined {
  const [code, setCode] = useState<oneTime.OneTimeCode | null>()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let stale = false
    void library().then(({ readOneTimeSecret, oneTimeCode }) => {
      const secret = readOneTimeSecret(text)
      if ('problem' in secret) return stale || setCode(null)
      const tick = () => {
        if (stale) return
        setCode(oneTimeCode(secret, Date.now()))
        // With the second hand, so that a code is never shown after its time.
        timer = setTimeout(tick, tickMs - (Date.now() % tickMs))
      }
      return tick()
    })
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [text])
  return code
}

/** In two halves, as people read them aloud. */
const inHalves = (code: string): string =>
  code.length < 6 ? code : `${code.slice(0, code.length / 2)} ${code.slice(code.length / 2)}`

export function OneTimeCode({ text }: { readonly text: string }) {
  const code = useCode(text)
  const task = useTask()
  if (code === undefined) return null
  if (code === null) return <p class="hint warn">{t('item_totp_bad')}</p>
  const left = t('item_seconds_left', [String(code.secondsLeft)])
  return (
    <div class="one-time">
      <div class="label-row">
        <output class="code" aria-live="off" aria-label={t('item_totp')}>
          {inHalves(code.code)}
        </output>
        <button
          type="button"
          class="quiet"
          aria-label={t('item_code_copy')}
          title={t('item_code_copy')}
          onClick={() => task.run(() => copyAndSay(code.code))}
        >
          <Icon of={Copy} />
        </button>
      </div>
      <progress max={code.periodSeconds} value={code.secondsLeft} aria-hidden="true" />
      <p class="hint" role="timer">
        {left}
      </p>
      <ErrorAlert error={task.error} />
    </div>
  )
}
