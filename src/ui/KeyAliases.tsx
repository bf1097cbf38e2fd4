// ui: what the person sees; speaks the protocol like any other client. This file: a key's aliases.

import { Plus, X } from 'lucide'
import { useState } from 'preact/hooks'
import { aliasProblemWords } from './CreateKey.tsx'
import { call } from './call.ts'
import { TextField } from './Field.tsx'
import { focusAgain } from './focus.ts'
import { Icon } from './Icon.tsx'
import type { KeySide } from './KeyDetail.tsx'
import { aliasProblem } from './keyForm.ts'
import { ErrorAlert, say } from './Notices.tsx'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

export function KeyAliases({ row, metadata, onChanged }: KeySide) {
  const [adding, setAdding] = useState<string | null>(null)
  const task = useTask()
  const add = (alias: string) => {
    const problem = aliasProblem(alias, row.Aliases)
    if (problem) return task.fail(aliasProblemWords[problem])
    task.run(async () => {
      await call('kms:CreateAlias', { AliasName: `alias/${alias}`, TargetKeyId: metadata.KeyId })
      await onChanged()
      setAdding(null)
      focusAgain('alias-add')
      say(t('alias_added', [alias]))
    })
  }
  const cancel = () => {
    setAdding(null)
    focusAgain('alias-add')
  }
  const remove = (name: string) =>
    task.run(async () => {
      await call('kms:DeleteAlias', { AliasName: name })
      await onChanged()
      focusAgain('alias-add')
      const again = async () => {
        await call('kms:CreateAlias', { AliasName: name, TargetKeyId: metadata.KeyId })
        await onChanged()
      }
      say(t('alias_removed', [name]), again)
    })
  return (
    <section class="card">
      <h2>{t('aliases_heading')}</h2>
      <p class="hint">{t('aliases_hint')}</p>
      {row.Aliases.length === 0 && <p class="lead">{t('aliases_none')}</p>}
      {row.Aliases.length > 0 && (
        <ul class="chips">
          {row.Aliases.map((name) => (
            <li class="chip" key={name}>
              <span class="mono">{name}</span>
              {/* An alias is named within one's own account: that of a site is the site's to remove. */}
              {row.owner.kind === 'you' && (
                <button
                  type="button"
                  class="quiet"
                  aria-label={t('alias_remove', [name])}
                  disabled={task.busy}
                  onClick={() => remove(name)}
                >
                  <Icon of={X} />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {row.KeyState === 'PendingDeletion' ? null : adding === null ? (
        <div class="row">
          <button type="button" id="alias-add" class="quiet" onClick={() => setAdding('')}>
            <Icon of={Plus} />
            {t('alias_add')}
          </button>
        </div>
      ) : (
        <form class="stack tight" autocomplete="off" onSubmit={onSubmit(() => add(adding))}>
          <TextField
            label={t('key_alias')}
            value={adding}
            onValue={setAdding}
            maxLength={250}
            autofocus
          />
          <div class="row">
            <button type="submit" class="primary" disabled={task.busy}>
              {t('alias_add')}
            </button>
            <button type="button" onClick={cancel}>
              {t('cancel')}
            </button>
          </div>
        </form>
      )}
      <ErrorAlert error={task.error} />
    </section>
  )
}
