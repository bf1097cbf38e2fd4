// ui: what the person sees; speaks the protocol like any other client. This file: the manager's "Decrypt": what others
// encrypted to the person's certificates is opened, shown, and where it is signed, handed on to be checked.

import { BadgeCheck, LockOpen, Signature, TriangleAlert, X } from 'lucide'
import { useId } from 'preact/hooks'
import type { DecryptedCms } from '../documents/index.ts'
import { nameWords } from './certificateWords.ts'
import { EncryptionCertificate } from './EncryptionCertificate.tsx'
import { envelopeErrorWords } from './envelopeWords.ts'
import { FileDrop } from './FileDrop.tsx'
import { sizeWords } from './fileWords.ts'
import { Icon } from './Icon.tsx'
import { ErrorAlert } from './Notices.tsx'
import { type OpenedMessage, openedMessages, openMessages, removeOpened } from './openedMessages.ts'
import { goTo } from './route.ts'
import { SignedContent } from './SignedContent.tsx'
import { useTask } from './task.ts'
import { signedName } from './verifyParts.ts'
import { give } from './verifyState.ts'
import { t } from './words.ts'

export function DecryptDocuments() {
  const messages = openedMessages.value
  return (
    <div class="stack">
      <p class="lead">{t('opened_lead')}</p>
      <FileDrop
        label={t('opened_drop')}
        onFiles={(given) => void openMessages(given.map(({ file }) => file))}
      />
      {messages.length === 0 && (
        <div class="empty">
          <Icon of={LockOpen} />
          <p>{t('opened_none')}</p>
        </div>
      )}
      {messages.map((message) => (
        <Message key={message.id} message={message} />
      ))}
      <EncryptionCertificate />
    </div>
  )
}

function Message({ message: { id, name, size, state } }: { readonly message: OpenedMessage }) {
  const heading = useId()
  const remove = t('sign_remove', [name])
  return (
    <article class="card" aria-labelledby={heading}>
      <div class="file-head">
        <h2 class="file-name" id={heading}>
          <bdi>{name}</bdi>
        </h2>
        <span class="hint">{sizeWords(size)}</span>
        <button
          type="button"
          class="quiet push"
          aria-label={remove}
          title={remove}
          onClick={() => removeOpened(id)}
        >
          <Icon of={X} />
        </button>
      </div>
      {state.is === 'opening' && <p role="status">{t('opened_opening')}</p>}
      {state.is === 'failed' && <ErrorAlert error={envelopeErrorWords(state.error)} />}
      {state.is === 'opened' && (
        <Inside name={name} message={state.message} isSigned={state.isSigned} />
      )}
    </article>
  )
}

function Inside({
  name,
  message,
  isSigned,
}: {
  readonly name: string
  readonly message: DecryptedCms
  readonly isSigned: boolean
}) {
  const { content, authenticated, cipher, certificate } = message
  const task = useTask()
  const check = () =>
    task.run(async () => {
      await give([{ name: signedName(name), blob: new Blob([content]) }], 'anything')
      goTo('documents', 'verify')
    })
  return (
    <div class="stack">
      <p class="good-words" role="status">
        <Icon of={LockOpen} />
        {t('opened_with', [nameWords(certificate.subject)])}
      </p>
      <p class={authenticated ? 'good-words' : 'wait-words'}>
        <Icon of={authenticated ? BadgeCheck : TriangleAlert} />
        {authenticated ? t('opened_intact', [cipher]) : t('opened_unproven', [cipher])}
      </p>
      {isSigned ? (
        <div class="row">
          <button type="button" class="primary" disabled={task.busy} onClick={check}>
            <Icon of={Signature} />
            {t('opened_check')}
          </button>
        </div>
      ) : (
        <p class="hint">{t('opened_unsigned')}</p>
      )}
      <ErrorAlert error={task.error} />
      <SignedContent title={t('opened_content')} content={content} name={name} />
    </div>
  )
}
