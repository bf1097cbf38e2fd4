// ui: what the person sees; speaks the protocol like any other client. This file: the statements of a key
// policy as sentences one can change: who may, or may not, do what.

import { Plus, Trash2 } from 'lucide'
import type { KeyUsageType } from '../protocol/keySpecs.ts'
import { TextField } from './Field.tsx'
import { Icon } from './Icon.tsx'
import type { KeySide } from './KeyDetail.tsx'
import { ownerWords } from './keyWords.ts'
import {
  type ActionGroup,
  actionGroups,
  type FormStatement,
  groupOf,
  type Who,
} from './policyForm.ts'
import { SelectField } from './SelectField.tsx'
import { t } from './words.ts'

const groupWords = {
  use: t('actions_use'),
  encrypt: t('actions_encrypt'),
  decrypt: t('actions_decrypt'),
  sign: t('actions_sign'),
  verify: t('actions_verify'),
  mac: t('actions_mac'),
  agree: t('actions_agree'),
  encapsulate: t('actions_encapsulate'),
  look: t('actions_look'),
  all: t('actions_all'),
} as const satisfies Record<ActionGroup, string>

const groupsFor = {
  ENCRYPT_DECRYPT: ['use', 'encrypt', 'decrypt', 'look', 'all'],
  SIGN_VERIFY: ['sign', 'verify', 'look', 'all'],
  GENERATE_VERIFY_MAC: ['mac', 'look', 'all'],
  KEY_AGREEMENT: ['agree', 'look', 'all'],
  ENCAPSULATE_DECAPSULATE: ['encapsulate', 'look', 'all'],
  WRAP_UNWRAP: ['use', 'encrypt', 'decrypt', 'look', 'all'],
  DERIVE_KEYS: ['agree', 'look', 'all'],
} as const satisfies Record<KeyUsageType, readonly ActionGroup[]>

export function PolicyStatements({
  side,
  statements,
  onStatements,
}: {
  readonly side: KeySide
  readonly statements: readonly FormStatement[]
  readonly onStatements: (statements: readonly FormStatement[]) => void
}) {
  const usage = side.metadata.KeyUsage
  const [first] = groupsFor[usage]
  const fresh: FormStatement = {
    id: '',
    effect: 'Allow',
    who: { kind: 'site', origin: 'https://' },
    actions: actionGroups[first],
  }
  return (
    <div class="stack tight">
      {statements.map((statement, at) => (
        <Statement
          key={at}
          at={at}
          side={side}
          statement={statement}
          onStatement={(next) => onStatements(statements.with(at, next))}
          onRemove={() => onStatements(statements.toSpliced(at, 1))}
        />
      ))}
      <div class="row">
        <button type="button" class="quiet" onClick={() => onStatements([...statements, fresh])}>
          <Icon of={Plus} />
          {t('statement_add')}
        </button>
      </div>
    </div>
  )
}

function Statement({
  at,
  side,
  statement,
  onStatement,
  onRemove,
}: {
  readonly at: number
  readonly side: KeySide
  readonly statement: FormStatement
  readonly onStatement: (statement: FormStatement) => void
  readonly onRemove: () => void
}) {
  const { effect, who, actions } = statement
  const change = (part: Partial<FormStatement>) => onStatement({ ...statement, ...part })
  return (
    <fieldset class="statement">
      <legend>{t('statement_number', [String(at + 1)])}</legend>
      <SelectField
        label={t('statement_effect')}
        value={effect}
        options={[
          ['Allow', t('statement_allow')],
          ['Deny', t('statement_deny')],
        ]}
        onValue={(next) => change({ effect: next })}
      />
      <Whom side={side} who={who} onWho={(next) => change({ who: next })} />
      <What
        usage={side.metadata.KeyUsage}
        actions={actions}
        onActions={(next) => change({ actions: next })}
      />
      <button
        type="button"
        class="quiet"
        aria-label={t('statement_remove', [String(at + 1)])}
        onClick={onRemove}
      >
        <Icon of={Trash2} />
      </button>
    </fieldset>
  )
}

const blankWho = {
  owner: { kind: 'owner' },
  site: { kind: 'site', origin: 'https://' },
  everyone: { kind: 'everyone' },
  other: { kind: 'other', principal: '' },
} as const satisfies Record<Who['kind'], Who>

function Whom({
  side: { row },
  who,
  onWho,
}: {
  readonly side: KeySide
  readonly who: Who
  readonly onWho: (who: Who) => void
}) {
  const owner = row.owner.kind === 'you' ? t('who_you') : t('who_owner', [ownerWords(row)])
  return (
    <div class="stack tight">
      <SelectField
        label={t('statement_who')}
        value={who.kind}
        options={[
          ['owner', owner],
          ['site', t('who_site')],
          ['everyone', t('who_everyone')],
          ['other', t('who_other')],
        ]}
        onValue={(kind) => onWho(blankWho[kind])}
      />
      {who.kind === 'site' && (
        <TextField
          label={t('who_origin')}
          value={who.origin}
          onValue={(origin) => onWho({ kind: 'site', origin })}
          maxLength={2048}
        />
      )}
      {who.kind === 'other' && (
        <TextField
          label={t('who_principal')}
          value={who.principal}
          onValue={(principal) => onWho({ kind: 'other', principal })}
          maxLength={2048}
        />
      )}
    </div>
  )
}

function What({
  usage,
  actions,
  onActions,
}: {
  readonly usage: KeyUsageType
  readonly actions: readonly string[]
  readonly onActions: (actions: readonly string[]) => void
}) {
  const group = groupOf(actions)
  const known: readonly ActionGroup[] = groupsFor[usage]
  const listed = group && !known.includes(group) ? [...known, group] : known
  const value: ActionGroup | 'named' = group ?? 'named'
  const choose = (next: ActionGroup | 'named') =>
    onActions(next === 'named' ? actions : actionGroups[next])
  return (
    <div class="stack tight">
      <SelectField<ActionGroup | 'named'>
        label={t('statement_what')}
        value={value}
        options={[
          ...listed.map((one) => [one, groupWords[one]] as const),
          ...(group ? [] : [['named', t('actions_named')] as const]),
        ]}
        onValue={choose}
      />
      {!group && <p class="hint mono">{actions.join(', ')}</p>}
    </div>
  )
}
