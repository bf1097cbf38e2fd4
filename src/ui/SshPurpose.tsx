// ui: what the person sees; speaks the protocol like any other client. This file: what a signature of OpenSSH is for, its
// namespace: one that was made for something else must not count, so both who signs and who checks say it.

import { useState } from 'preact/hooks'
import { TextField } from './Field.tsx'
import { SelectField } from './SelectField.tsx'
import { t } from './words.ts'

/** What `ssh-keygen -Y sign -n file` is over. */
export const fileNamespace = 'file'

const purposes = [
  [fileNamespace, t('ssh_purpose_file')],
  ['git', t('ssh_purpose_git')],
  ['', t('ssh_purpose_own')],
] as const
type Purpose = (typeof purposes)[number][0]

const purposeOf = (namespace: string): Purpose =>
  purposes.find(([one]) => one === namespace)?.[0] ?? ''

export function SshPurpose({
  namespace,
  onNamespace,
}: {
  readonly namespace: string
  readonly onNamespace: (namespace: string) => void
}) {
  const [purpose, setPurpose] = useState<Purpose>(purposeOf(namespace))
  const choose = (chosen: Purpose) => {
    setPurpose(chosen)
    onNamespace(chosen)
  }
  return (
    <>
      <SelectField label={t('ssh_purpose')} value={purpose} options={purposes} onValue={choose} />
      {purpose === '' && (
        <TextField
          label={t('ssh_purpose_name')}
          value={namespace}
          onValue={onNamespace}
          maxLength={255}
          hint={t('ssh_purpose_hint')}
        />
      )}
    </>
  )
}
