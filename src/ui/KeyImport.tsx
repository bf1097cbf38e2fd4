// ui: what the person sees; speaks the protocol like any other client. This file: bringing one's own key
// material.

import { useState } from 'preact/hooks'
import { AreaField, NumberField } from './Field.tsx'
import { importMaterial, isBareBytes, readMaterial } from './importing.ts'
import type { KeySide } from './KeyDetail.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { SelectField } from './SelectField.tsx'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

const daySeconds = 86_400
const days = { least: 1, most: 365 } as const

const lives = [
  ['always', t('import_always')],
  ['days', t('import_for_days')],
] as const

export function KeyImport({ metadata, onChanged }: KeySide) {
  const [text, setText] = useState('')
  const [life, setLife] = useState<'always' | 'days'>('always')
  const [most, setMost] = useState(90)
  const task = useTask()
  const bytesOnly = isBareBytes(metadata.KeySpec)
  const submit = () =>
    task.run(async () => {
      const material = readMaterial(metadata.KeySpec, text)
      if (!material) return task.fail(bytesOnly ? t('import_not_bytes') : t('import_not_pem'))
      const ends = Date.now() / 1000 + most * daySeconds
      await importMaterial(
        metadata,
        material,
        life === 'always'
          ? { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
          : { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: ends },
      )
      setText('')
      await onChanged()
      say(t('import_done'))
    })
  return (
    <form class="card" autocomplete="off" onSubmit={onSubmit(submit)}>
      <h2>{t('import_heading')}</h2>
      <p>{t('import_intro')}</p>
      <AreaField
        label={t('import_material')}
        hint={<p class="hint">{bytesOnly ? t('import_bytes_hint') : t('import_pem_hint')}</p>}
        value={text}
        onValue={setText}
        rows={4}
        secret
      />
      <div class="pair">
        <SelectField label={t('import_life')} value={life} options={lives} onValue={setLife} />
        {life === 'days' && (
          <NumberField label={t('import_days')} value={most} {...days} onValue={setMost} />
        )}
      </div>
      <p class="hint">{t('import_keep')}</p>
      <ErrorAlert error={task.error} />
      <div class="row">
        <button type="submit" class="primary" disabled={task.busy || text.trim() === ''}>
          {task.busy ? t('import_busy') : t('import_button')}
        </button>
      </div>
    </form>
  )
}
