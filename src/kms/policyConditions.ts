// kms: keys, their states and what is done under them; one file per family of operations.
// This file: conditions of policies ("IAM JSON policy elements: Condition operators", "Multivalued context
// keys"). One table of operators; a condition holds or not for the values a request has for its key.

import { KeyhearthError } from '../protocol/errors.ts'

type Test = (value: string, wanted: string) => boolean

interface Operator {
  readonly test: Test
  /** StringNotEquals and its kin: holds where none of the wanted values fits, and where there is none. */
  readonly negated?: true
  /** What the wanted values must look like. */
  readonly wanted?: RegExp
}

const number = /^-?\d+(\.\d+)?$/
const date = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?$/
const truth = /^(true|false)$/i

const equal: Test = (value, wanted) => value === wanted
const equalAnyCase: Test = (value, wanted) => value.toLowerCase() === wanted.toLowerCase()
const numeric =
  (fits: (difference: number) => boolean): Test =>
  (value, wanted) =>
    number.test(value) && fits(Number(value) - Number(wanted))
const dated =
  (fits: (difference: number) => boolean): Test =>
  (value, wanted) =>
    fits(Date.parse(value) - Date.parse(wanted))

const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['StringEquals', { test: equal }],
  ['StringNotEquals', { test: equal, negated: true }],
  ['StringEqualsIgnoreCase', { test: equalAnyCase }],
  ['StringNotEqualsIgnoreCase', { test: equalAnyCase, negated: true }],
  ['StringLike', { test: isLike }],
  ['StringNotLike', { test: isLike, negated: true }],
  ['ArnEquals', { test: isLike }],
  ['ArnLike', { test: isLike }],
  ['ArnNotEquals', { test: isLike, negated: true }],
  ['ArnNotLike', { test: isLike, negated: true }],
  ['Bool', { test: equalAnyCase, wanted: truth }],
  ['NumericEquals', { test: numeric((by) => by === 0), wanted: number }],
  ['NumericNotEquals', { test: numeric((by) => by === 0), negated: true, wanted: number }],
  ['NumericLessThan', { test: numeric((by) => by < 0), wanted: number }],
  ['NumericLessThanEquals', { test: numeric((by) => by <= 0), wanted: number }],
  ['NumericGreaterThan', { test: numeric((by) => by > 0), wanted: number }],
  ['NumericGreaterThanEquals', { test: numeric((by) => by >= 0), wanted: number }],
  ['DateEquals', { test: dated((by) => by === 0), wanted: date }],
  ['DateNotEquals', { test: dated((by) => by === 0), negated: true, wanted: date }],
  ['DateLessThan', { test: dated((by) => by < 0), wanted: date }],
  ['DateLessThanEquals', { test: dated((by) => by <= 0), wanted: date }],
  ['DateGreaterThan', { test: dated((by) => by > 0), wanted: date }],
  ['DateGreaterThanEquals', { test: dated((by) => by >= 0), wanted: date }],
])

export interface Condition {
  readonly operator: Operator | 'Null'
  readonly quantifier: 'ForAnyValue' | 'ForAllValues' | null
  readonly ifExists: boolean
  /** In lower case: names of condition keys are not case-sensitive, those of context keys included. */
  readonly key: string
  readonly wanted: readonly string[]
}

/** The values a request has, by the names of their condition keys in lower case. */
export type ConditionValues = ReadonlyMap<string, readonly string[]>

/**
 * `*` any characters, `?` one. Greedy with one place to go back to, so that no pattern takes longer than
 * its length times the text's.
 */
export function isLike(text: string, pattern: string): boolean {
  let [at, inPattern, star, resume] = [0, 0, -1, 0]
  while (at < text.length) {
    const wanted = pattern[inPattern]
    if (wanted === '*') {
      star = inPattern++
      resume = at
    } else if (wanted === '?' || (wanted !== undefined && wanted === text[at])) {
      at++
      inPattern++
    } else if (star >= 0) {
      inPattern = star + 1
      at = ++resume
    } else {
      return false
    }
  }
  while (pattern[inPattern] === '*') inPattern++
  return inPattern === pattern.length
}

const malformed = (what: string) => new KeyhearthError('policy-malformed', { what })

const namePattern = /^(?:(ForAnyValue|ForAllValues):)?([A-Za-z]+?)(IfExists)?$/

/** @throws KeyhearthError `policy-malformed` */
export function parseConditions(
  written: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Condition[] {
  return Object.entries(written).flatMap(([name, keys]) =>
    Object.entries(keys).map(([key, wanted]) => parseCondition(name, key, wanted)),
  )
}

function parseCondition(name: string, key: string, given: unknown): Condition {
  const [, quantifier, operatorName = '', ifExists] = namePattern.exec(name) ?? []
  const operator = operatorName === 'Null' ? 'Null' : operators.get(operatorName)
  if (!operator || (operator === 'Null' && (quantifier || ifExists))) {
    throw malformed(`Unknown condition operator ${name.slice(0, 64)}`)
  }
  if (!isKnownKey(key)) throw malformed(`Unknown condition key ${key.slice(0, 128)}`)
  const wanted = readWanted(given)
  const shape = operator === 'Null' ? truth : operator.wanted
  if (shape && !wanted.every((one) => shape.test(one))) {
    throw malformed(`A value of ${name.slice(0, 64)} is not of its kind`)
  }
  return {
    operator,
    quantifier: (quantifier as 'ForAnyValue' | 'ForAllValues' | undefined) ?? null,
    ifExists: ifExists !== undefined,
    key: key.toLowerCase(),
    wanted,
  }
}

function readWanted(given: unknown): string[] {
  const list = Array.isArray(given) ? given : [given]
  return list.map((one: unknown) => {
    const text = typeof one === 'number' || typeof one === 'boolean' ? String(one) : one
    if (typeof text !== 'string' || text.length > 2048 || text.includes('${')) {
      throw malformed('A condition has a value that is not text')
    }
    return text
  })
}

/** What a request here can have a value for. Another key would never match, or always. */
const knownKeys: ReadonlySet<string> = new Set([
  'aws:currenttime',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:tagkeys',
  'keyhearth:origin',
  'kms:bypasspolicylockoutsafetycheck',
  'kms:calleraccount',
  'kms:encryptionalgorithm',
  'kms:encryptioncontextkeys',
  'kms:granteeprincipal',
  'kms:grantoperations',
  'kms:keyagreementalgorithm',
  'kms:keyorigin',
  'kms:keyspec',
  'kms:keyusage',
  'kms:macalgorithm',
  'kms:messagetype',
  'kms:multiregion',
  'kms:requestalias',
  'kms:resourcealiases',
  'kms:retiringprincipal',
  'kms:scheduledeletionpendingwindowindays',
  'kms:signingalgorithm',
  'kms:viaservice',
])
export const contextPrefix = 'kms:encryptioncontext:'
export const tagPrefix = 'aws:resourcetag/'

function isKnownKey(written: string): boolean {
  const key = written.toLowerCase()
  const named = [contextPrefix, tagPrefix].some(
    (prefix) => key.startsWith(prefix) && key.length > prefix.length,
  )
  return named || knownKeys.has(key)
}

export function holds(condition: Condition, values: ConditionValues): boolean {
  const { operator, quantifier, ifExists, wanted } = condition
  const present = values.get(condition.key) ?? []
  if (operator === 'Null') {
    return wanted.some((one) => (one.toLowerCase() === 'true') === (present.length === 0))
  }
  const fits = (value: string) => wanted.some((one) => operator.test(value, one))
  if (present.length === 0) {
    return ifExists || quantifier === 'ForAllValues' || (operator.negated === true && !quantifier)
  }
  const satisfied = (value: string) => fits(value) !== (operator.negated ?? false)
  // Without a set operator, a negated condition holds where no value fits.
  if (quantifier === 'ForAllValues' || (operator.negated && !quantifier)) {
    return present.every(satisfied)
  }
  return present.some(satisfied)
}
