// ui: what the person sees; speaks the protocol like any other client. This file: what would break without
// a key. Keyhearth knows what is stored under it and who used it; it cannot know every message out there.

import { useEffect, useState } from 'preact/hooks'
import type { Output } from '../protocol/outputs.ts'
import { call } from './call.ts'
import { ErrorAlert } from './Notices.tsx'
import { siteWords } from './siteWords.ts'
import { useTask } from './task.ts'
import { dateWords, t } from './words.ts'

type Use = Output<'keyhearth:DescribeKeyUse'>

export function KeyUse({ keyId }: { readonly keyId: string }) {
  const [use, setUse] = useState<Use | null>(null)
  const task = useTask()
  useEffect(
    () => task.run(async () => setUse(await call('keyhearth:DescribeKeyUse', { KeyId: keyId }))),
    [keyId],
  )
  return (
    <div class="use" aria-live="polite">
      <ErrorAlert error={task.error} />
      {use ? <Breaks use={use} /> : <p class="hint">{t('use_looking')}</p>}
    </div>
  )
}

function Breaks({ use }: { readonly use: Use }) {
  const lines = breakLines(use)
  return (
    <>
      <h3>{t('use_heading')}</h3>
      {lines.length === 0 && <p>{t('use_nothing')}</p>}
      <ul class="bullets">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p>
        {use.LastUsedAt === null
          ? t('use_never')
          : t('use_last', use.Uses, [String(use.Uses), dateWords(use.LastUsedAt)])}
      </p>
      <p class="hint">{t('use_messages')}</p>
    </>
  )
}

function breakLines(use: Use): readonly string[] {
  const { Secrets, SecretNames, Aliases, Grants, Origins } = use
  const names = SecretNames.join(', ') + (Secrets > SecretNames.length ? ', …' : '')
  return [
    ...(Secrets > 0 ? [t('use_secrets', Secrets, [String(Secrets), names])] : []),
    ...(Origins.length > 0 ? [t('use_sites', [Origins.map(siteWords).join(', ')])] : []),
    ...(Grants > 0 ? [t('use_grants', Grants)] : []),
    ...(Aliases.length > 0 ? [t('use_aliases', [Aliases.join(', ')])] : []),
  ]
}
