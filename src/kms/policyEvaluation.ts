// kms: keys, their states and what is done under them; one file per family of operations.
// This file: what one policy says of one request ("Policy evaluation logic"): an explicit deny beats every
// allow. Pure.

import { type ConditionValues, holds, isLike } from './policyConditions.ts'
import type { Patterns, PolicyDocument, Statement } from './policyDocument.ts'

export interface PolicyRequest {
  /** What the caller answers to: account ids and, for a page, its origin. */
  readonly principals: readonly string[]
  /** `kms:Encrypt` */
  readonly action: string
  /** The key's ARN. */
  readonly resource: string
  readonly values: ConditionValues
}

export interface PolicyVerdict {
  readonly effect: 'Allow' | 'Deny'
  /** The statement that said so: its Sid, or its place counted from 1. */
  readonly statement: string
}

/** `null` where no statement speaks of the request. */
export function evaluatePolicy(
  policy: PolicyDocument,
  request: PolicyRequest,
): PolicyVerdict | null {
  const speaking = policy.flatMap((statement, i) =>
    applies(statement, request)
      ? [{ effect: statement.effect, statement: statement.sid ?? String(i + 1) }]
      : [],
  )
  return speaking.find(({ effect }) => effect === 'Deny') ?? speaking[0] ?? null
}

function applies(statement: Statement, request: PolicyRequest): boolean {
  const action = request.action.toLowerCase()
  return (
    isAmong(statement.principals, (one) => one === '*' || request.principals.includes(one)) &&
    isAmong(statement.actions, (one) => isLike(action, one)) &&
    isAmong(statement.resources, (one) => isLike(request.resource, one)) &&
    statement.conditions.every((condition) => holds(condition, request.values))
  )
}

const isAmong = ({ not, patterns }: Patterns, fits: (pattern: string) => boolean): boolean =>
  patterns.some(fits) !== not
