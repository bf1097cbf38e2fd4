// ui: what the person sees; speaks the protocol like any other client. This file: a key policy as a form
// has it, where it is simple enough, and back. Pure. What the form cannot show whole stays JSON: a form
// that drops a condition would change who may.

export type Who =
  | { readonly kind: 'owner' }
  | { readonly kind: 'everyone' }
  | { readonly kind: 'site'; readonly origin: string }
  /** An ARN or an account, as it stands. */
  | { readonly kind: 'other'; readonly principal: string }

export const actionGroups = {
  use: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'],
  encrypt: ['kms:Encrypt', 'kms:GenerateDataKeyWithoutPlaintext'],
  decrypt: ['kms:Decrypt'],
  sign: ['kms:Sign'],
  verify: ['kms:Verify', 'kms:GetPublicKey'],
  mac: ['kms:GenerateMac', 'kms:VerifyMac'],
  agree: ['kms:DeriveSharedSecret'],
  encapsulate: ['kms:Encapsulate', 'kms:Decapsulate'],
  look: ['kms:DescribeKey', 'kms:GetPublicKey'],
  all: ['kms:*'],
} as const satisfies Record<string, readonly string[]>
export type ActionGroup = keyof typeof actionGroups

export interface FormStatement {
  readonly id: string
  readonly effect: 'Allow' | 'Deny'
  readonly who: Who
  readonly actions: readonly string[]
}

type Members = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value]

/** `null` where the policy has more than the form can show. @throws SyntaxError where it is not JSON */
export function readPolicy(text: string, account: string): readonly FormStatement[] | null {
  const policy: unknown = JSON.parse(text)
  if (!isObject(policy) || policy['Version'] !== '2012-10-17') return null
  if (hasMore(policy, ['Version', 'Id', 'Statement'])) return null
  const statements = listOf(policy['Statement']).map((one) => readStatement(one, account))
  const whole = statements.filter((one) => one !== null)
  return whole.length === statements.length ? whole : null
}

const hasMore = (value: Members, known: readonly string[]): boolean =>
  Object.keys(value).some((name) => !known.includes(name))

function readStatement(value: unknown, account: string): FormStatement | null {
  if (!isObject(value) || hasMore(value, ['Sid', 'Effect', 'Principal', 'Action', 'Resource'])) {
    return null
  }
  const { Sid = '', Effect, Principal, Action, Resource } = value
  const who = readWho(Principal, account)
  const actions = listOf(Action).filter((one) => typeof one === 'string')
  const everyKey = listOf(Resource).length === 1 && listOf(Resource)[0] === '*'
  if (!who || !everyKey || actions.length === 0 || typeof Sid !== 'string') return null
  return Effect === 'Allow' || Effect === 'Deny' ? { id: Sid, effect: Effect, who, actions } : null
}

function readWho(principal: unknown, account: string): Who | null {
  if (principal === '*') return { kind: 'everyone' }
  if (!isObject(principal)) return null
  const [entry, ...others] = Object.entries(principal)
  if (!entry || others.length > 0) return null
  const [kind, value] = entry
  const [only, ...more] = listOf(value)
  if (typeof only !== 'string' || more.length > 0) return null
  if (kind === 'Federated') return { kind: 'site', origin: only }
  if (kind !== 'AWS') return null
  if (only === '*') return { kind: 'everyone' }
  const own = [account, `arn:aws:iam::${account}:root`].includes(only)
  return own ? { kind: 'owner' } : { kind: 'other', principal: only }
}

function writeWho(who: Who, account: string): unknown {
  switch (who.kind) {
    case 'owner':
      return { AWS: `arn:aws:iam::${account}:root` }
    case 'everyone':
      return '*'
    case 'site':
      return { Federated: who.origin }
    case 'other':
      return { AWS: who.principal }
  }
}

export function writePolicy(statements: readonly FormStatement[], account: string): string {
  const Statement = statements.map(({ id, effect, who, actions }) => ({
    ...(id === '' ? {} : { Sid: id }),
    Effect: effect,
    Principal: writeWho(who, account),
    Action: actions.length === 1 ? actions[0] : actions,
    Resource: '*',
  }))
  return JSON.stringify({ Version: '2012-10-17', Statement }, null, 2)
}

/** AWS's default: the key's own account decides (developer guide, "Default key policy"). */
export const defaultPolicy = (account: string): string =>
  writePolicy(
    [
      {
        id: 'Enable IAM User Permissions',
        effect: 'Allow',
        who: { kind: 'owner' },
        actions: ['kms:*'],
      },
    ],
    account,
  )

/** The group that allows just these, or `null`: then they are named one by one. */
export function groupOf(actions: readonly string[]): ActionGroup | null {
  const wanted = [...actions].sort().join()
  const groups = Object.keys(actionGroups) as ActionGroup[]
  return groups.find((group) => [...actionGroups[group]].sort().join() === wanted) ?? null
}

/** Where JSON stops being JSON, from 1; `null` where it is whole. */
export function jsonProblem(text: string): { readonly line: number } | null {
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    const [, line] = /line (\d+)/.exec(message) ?? []
    const [, position] = /position (\d+)/.exec(message) ?? []
    if (line !== undefined) return { line: Number(line) }
    const end = position === undefined ? text.length : Number(position)
    return { line: text.slice(0, end).split('\n').length }
  }
}
