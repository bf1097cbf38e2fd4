// kms: keys, their states and what is done under them; one file per family of operations.
// This file: key policies as IAM JSON ("IAM JSON policy elements reference"), parsed once and strictly: a
// member that is not known could be one that the writer relied on.

import { KeyhearthError } from '../protocol/errors.ts'
import {
  type OneOrMore,
  readPolicyJson,
  type WrittenPrincipal,
  type WrittenStatement,
} from '../protocol/policySchema.ts'
import { isSite } from '../protocol/sites.ts'
import { type Condition, parseConditions } from './policyConditions.ts'

export interface Patterns {
  /** NotAction, NotResource, NotPrincipal: all but these. */
  readonly not: boolean
  readonly patterns: readonly string[]
}

export interface Statement {
  readonly sid: string | null
  readonly effect: 'Allow' | 'Deny'
  /** Account ids and sites; `*` is everybody. */
  readonly principals: Patterns
  readonly actions: Patterns
  readonly resources: Patterns
  readonly conditions: readonly Condition[]
}

export type PolicyDocument = readonly Statement[]

/** KMS: 32 KiB, in Latin-1 and white space (API reference, PutKeyPolicy). */
const mostCharacters = 32 * 1024
const characters = /^[\t\n\r\x20-\xff]*$/

const malformed = (what: string, cause?: unknown) =>
  new KeyhearthError('policy-malformed', { what }, { cause })

/** Whose actions a policy may name: that of what it belongs to. */
type PolicyService = 'kms' | 'secretsmanager'

/** @throws KeyhearthError `policy-malformed`; nothing else, whatever the text */
export function parsePolicy(text: string, service: PolicyService = 'kms'): PolicyDocument {
  if (text.length > mostCharacters) throw malformed('The policy is longer than 32 KiB')
  if (!characters.test(text)) throw malformed('The policy holds characters that no policy may have')
  const read = readPolicyJson(parseJson(text))
  if ('wrong' in read) throw malformed(read.wrong)
  return asList(read.policy.Statement).map((written) => readStatement(written, service))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, refuseProto)
  } catch (cause) {
    throw cause instanceof KeyhearthError ? cause : malformed('The policy is not JSON', cause)
  }
}

function refuseProto(name: string, value: unknown): unknown {
  if (name === '__proto__') throw malformed('The policy has a member __proto__')
  return value
}

const asList = <T>(given: T | T[]): T[] => (Array.isArray(given) ? given : [given])

/** Exactly one of the two members, as IAM wants it. */
function oneOf<T>(name: string, yes: T | undefined, no: T | undefined): { not: boolean; of: T } {
  if (yes !== undefined && no === undefined) return { not: false, of: yes }
  if (no !== undefined && yes === undefined) return { not: true, of: no }
  throw malformed(`A statement needs either ${name} or Not${name}`)
}

function readStatement(written: WrittenStatement, service: PolicyService): Statement {
  const principals = oneOf('Principal', written.Principal, written.NotPrincipal)
  const actions = oneOf('Action', written.Action, written.NotAction)
  const resources = oneOf('Resource', written.Resource, written.NotResource)
  return {
    sid: written.Sid ?? null,
    effect: written.Effect,
    principals: { not: principals.not, patterns: principalNames(principals.of) },
    actions: {
      not: actions.not,
      patterns: patternsOf(actions.of).map((one) => readAction(one, service)),
    },
    resources: { not: resources.not, patterns: patternsOf(resources.of) },
    conditions: parseConditions(written.Condition ?? {}),
  }
}

const patternsOf = (given: OneOrMore): string[] => asList(given).map(withoutVariables)

/** IAM's policy variables stand for things that are not here; taken as text they would never match. */
function withoutVariables(text: string): string {
  if (text.includes('${')) throw malformed('Policy variables are not supported here')
  return text
}

/** Actions are not case-sensitive (IAM JSON policy elements: Action). */
function readAction(written: string, service: PolicyService): string {
  const action = written.toLowerCase()
  const [named, name = ''] = action.split(/:(.*)/s)
  const isKnown = action === '*' || (named === service && /^[a-z*?]+$/.test(name))
  if (!isKnown) throw malformed(`Unknown action ${written}`)
  return action
}

const accountPattern = /^\d{12}$/
const rootArnPattern = /^arn:aws:iam::(\d{12}):root$/

function principalNames(written: WrittenPrincipal): string[] {
  if (written === '*') return ['*']
  const aws = written.AWS === undefined ? [] : asList(written.AWS).map(accountName)
  const origins = written.Federated === undefined ? [] : asList(written.Federated).map(originName)
  if (aws.length + origins.length === 0) throw malformed('A statement names no principal')
  return [...aws, ...origins]
}

/** Every account here has one principal, its root. */
function accountName(text: string): string {
  if (text === '*' || accountPattern.test(text)) return text
  const [, account] = rootArnPattern.exec(text) ?? []
  if (account) return account
  throw malformed(`There is no principal ${text.slice(0, 128)}`)
}

function originName(text: string): string {
  if (isSite(text)) return text
  throw malformed(`${text.slice(0, 128)} is no web origin`)
}

/** An account id, a root ARN or a site, as principals are compared; `null` for anything else. */
export function principalName(text: string): string | null {
  if (isSite(text) || accountPattern.test(text)) return text
  return rootArnPattern.exec(text)?.[1] ?? null
}
