// ui: what the person sees; speaks the protocol like any other client. This file: whether certificates were revoked is not
// known here: their authority can be asked.

import { ExternalLink, Globe } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { readCertificate } from '../certificates/index.ts'
import type { Bytes } from '../codec/bytes.ts'
import type { SignatureReport } from '../documents/index.ts'
import { Icon } from './Icon.tsx'
import { ErrorAlert } from './Notices.tsx'
import {
  askRevocation,
  type RevocationSource,
  sourcesForChain,
  sourcesForReport,
  type TakeAnswer,
} from './revocationServers.ts'
import { useTask } from './task.ts'
import { give } from './verifyState.ts'
import { t } from './words.ts'

/** What its server answers helps all signatures on the screen. */
export function AskRevocation({ report }: { readonly report: SignatureReport }) {
  const [sources, setSources] = useState<readonly RevocationSource[]>([])
  useEffect(() => void sourcesForReport(report).then(setSources), [report])
  if (sources.length === 0) return null
  return (
    <div class="stack tight">
      <h4>{t('verify_doc_ask')}</h4>
      <p class="hint">{t('verify_doc_ask_hint')}</p>
      <Sources sources={sources} where={t('verify_doc_evidence')} take={helpChecking} />
    </div>
  )
}

const helpChecking: TakeAnswer = async (answer) =>
  (await give([{ name: answer.name, blob: answer }], 'evidence')).length === 0

/** What its server answers goes into the document that is signed. */
export function AskForEvidence({
  chain,
  take,
}: {
  /** DER, of the key that signs. */
  readonly chain: readonly Bytes[]
  readonly take: TakeAnswer
}) {
  const [sources, setSources] = useState<readonly RevocationSource[]>([])
  useEffect(() => {
    void sourcesForChain(chain.map((der) => readCertificate(der))).then(setSources)
  }, [chain])
  if (sources.length === 0) return null
  return (
    <div class="stack tight">
      <p class="hint">{t('sign_evidence_ask_hint')}</p>
      <Sources sources={sources} where={t('sign_evidence')} take={take} />
    </div>
  )
}

interface Asking {
  /** The field for files, where a server gives its answer to nobody but the person. */
  readonly where: string
  readonly take: TakeAnswer
}

const Sources = ({
  sources,
  ...asking
}: Asking & { readonly sources: readonly RevocationSource[] }) =>
  sources.map((source) => <Source key={source.address.href} source={source} {...asking} />)

function Source({ source, where, take }: Asking & { readonly source: RevocationSource }) {
  const task = useTask()
  const { is, address, holder } = source
  const said = {
    'no-answer': t('verify_doc_ask_none', [address.host, where]),
    useless: t('verify_doc_ask_useless', [address.host]),
  }
  const ask = () =>
    task.run(async () => {
      const problem = await askRevocation(source, take)
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
