// ui: what the person sees; speaks the protocol like any other client. This file: random bytes, from the browser's own
// generator for keys.

import { useState } from 'preact/hooks'
import { encodeBase64, encodeHex } from '../codec/text.ts'
import { CopyButton } from './CopyButton.tsx'
import { NumberField } from './Field.tsx'
import { SelectField } from './SelectField.tsx'
import { onSubmit } from './task.ts'
import { t } from './words.ts'

const bounds = { least: 1, most: 1024 } as const

const forms = [
  ['hex', t('tools_hex')],
  ['base64', t('tools_base64')],
] as const

export function RandomTool() {
  const [count, setCount] = useState(32)
  const [form, setForm] = useState<'hex' | 'base64'>('hex')
  const [bytes, setBytes] = useState<Uint8Array<ArrayBuffer> | null>(null)
  const make = () => setBytes(crypto.getRandomValues(new Uint8Array(count)))
  const text = bytes && (form === 'hex' ? encodeHex(bytes) : encodeBase64(bytes))
  return (
    <form class="card" aria-labelledby="tool-random" autocomplete="off" onSubmit={onSubmit(make)}>
      <h2 id="tool-random">{t('tools_random')}</h2>
      <div class="pair">
        <NumberField label={t('tools_random_count')} value={count} {...bounds} onValue={setCount} />
        <SelectField
          label={t('tools_random_form')}
          value={form}
          options={forms}
          onValue={setForm}
        />
      </div>
      <div class="row">
        <button type="submit">{t('tools_random_make')}</button>
      </div>
      {text && (
        <div class="with-button">
          <output class="mono whole grow" aria-label={t('tools_random_made')}>
            {text}
          </output>
          <CopyButton label={t('tools_random_copy')} text={() => text} />
        </div>
      )}
    </form>
  )
}
