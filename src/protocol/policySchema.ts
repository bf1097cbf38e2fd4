// protocol: the contract every context speaks. This file: the JSON of a key policy, as IAM writes it. Strict:
// a member that is not known could be one that the writer relied on.

import * as v from 'valibot'

const patternText = v.pipe(v.string(), v.minLength(1), v.maxLength(2048))
const oneOrMore = v.union([patternText, v.pipe(v.array(patternText), v.minLength(1))])
const principal = v.union([
  v.literal('*'),
  v.strictObject({ AWS: v.exactOptional(oneOrMore), Federated: v.exactOptional(oneOrMore) }),
])
const statement = v.strictObject({
  Sid: v.exactOptional(v.pipe(v.string(), v.maxLength(256))),
  Effect: v.picklist(['Allow', 'Deny']),
  Principal: v.exactOptional(principal),
  NotPrincipal: v.exactOptional(principal),
  Action: v.exactOptional(oneOrMore),
  NotAction: v.exactOptional(oneOrMore),
  Resource: v.exactOptional(oneOrMore),
  NotResource: v.exactOptional(oneOrMore),
  Condition: v.exactOptional(v.record(v.string(), v.record(v.string(), v.unknown()))),
})
const document = v.strictObject({
  Version: v.exactOptional(v.picklist(['2012-10-17', '2008-10-17'])),
  Id: v.exactOptional(v.pipe(v.string(), v.maxLength(256))),
  Statement: v.union([statement, v.pipe(v.array(statement), v.minLength(1), v.maxLength(500))]),
})

type Document = v.InferOutput<typeof document>
export type WrittenStatement = v.InferOutput<typeof statement>
export type WrittenPrincipal = v.InferOutput<typeof principal>
export type OneOrMore = v.InferOutput<typeof oneOrMore>

/** The policy as written, or what is wrong with it. */
export function readPolicyJson(
  given: unknown,
): { readonly policy: Document } | { readonly wrong: string } {
  const read = v.safeParse(document, given, { abortEarly: true })
  if (read.success) return { policy: read.output }
  const [issue] = read.issues
  return { wrong: `${v.getDotPath(issue) ?? 'policy'}: ${issue.message}`.slice(0, 200) }
}
