// ui: what the person sees; speaks the protocol like any other client. This file: whether certificates were revoked is not
// known here: their authority can be asked.

import { ExternalLink, Globe } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import type { SignatureReport } from '../documents/index.ts'
import { Icon } from './Icon.tsx'
import { ErrorAlert } from './Notices.tsx'
import { askRevocation, type RevocationSource, revocationSources } from './revocationServers.ts'
import { useTask } from './task.ts'
import { t } from './words.ts'

export function AskRevocation({ report }: { readonly report: SignatureReport }) {
  const [sources, setSources] = useState<readonly RevocationSource[]>([])
  useEffect(() => void revocationSources(report).then(setSources), [report])
  if (sources.length === 0) return null
  return (
    <div class="stack tight">
      <h4>{t('verify_doc_ask')}</h4>
      <p class="hint">{t('verify_doc_ask_hint')}</p>
      {sources.map((source) => (
        <Source key={source.address.href} source={source} />
      ))}
    </div>
  )
}

function Source({ source }: { readonly source: RevocationSource }) {
  const task = useTask()
  const { is, address, holder } = source
  const said = {
    'no-answer': t('verify_doc_ask_none', [address.host, t('verify_doc_evidence')]),
    useless: t('verify_doc_ask_useless', [address.host]),
  }
  const ask = () =>
    task.run(async () => {
      const problem = await askRevocation(source)
      if (problem) throw said[problem]
    })
  return (
    <>
      <div class="row">
        <button type="button" disabled={task.busy} aria-busy={task.busy} onClick={ask}>
          <Icon of={Globe} />
          {is === 'list'
            ? t('verify_doc_ask_list', [address.host])
            : t('verify_doc_ask_answer', [address.host, holder])}
        </button>
        <a class="button quiet" href={address.href} target="_blank" rel="noreferrer">
          <Icon of={ExternalLink} />
          {t('verify_doc_ask_open')}
        </a>
      </div>
      <ErrorAlert error={task.error} />
    </>
  )
}
