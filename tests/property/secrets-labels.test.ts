// Versions, labels, tokens and keys of secrets against a model of AWS's rules that is written down apart from the code
// (secretsModel): any requests through the gate answer as the model does, and every value can be read afterwards.

import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { OperationName } from '../../src/protocol/operations.ts'
import { addVersion, moveStage, stagesByVersion, trim } from '../../src/secrets/labels.ts'
import type { VersionSummary } from '../../src/secrets/records.ts'
import { Background } from '../unit/background.ts'
import { type Outcome, SecretModel } from './secretsModel.ts'

const seconds = process.env['SLOW'] === '1' ? 300 : 8

/** Few, so that they come again. */
const tokens = Array.from({ length: 6 }, (_one, i) => `token-${i}`.padEnd(32, '-'))
const token = fc.constantFrom(...tokens)
const value = fc.constantFrom('one', 'two')
const label = fc.constantFrom('AWSCURRENT', 'AWSPREVIOUS', 'AWSPENDING', 'mine')
const stages = fc.uniqueArray(label, { minLength: 1, maxLength: 3 })
const some = <Value>(one: fc.Arbitrary<Value>) => fc.option(one, { nil: null })
const kind = <Kind extends string>(one: Kind) => fc.constant(one)

const steps = {
  create: fc.record({ kind: kind('create'), token, value }),
  put: fc.record({ kind: kind('put'), token, value, stages }),
  update: fc.record({
    kind: kind('update'),
    put: some(fc.record({ token, value })),
    key: some(fc.constantFrom(1, 2)),
  }),
  move: fc.record({
    kind: kind('move'),
    stage: label,
    /** `holder`: the version that has it. */
    from: some(fc.oneof(kind('holder'), token)),
    to: some(token),
  }),
  rotate: fc.record({ kind: kind('rotate'), token }),
  others: fc.record({
    kind: fc.constantFrom('cancel', 'cancel', 'mark', 'restore', 'restore', 'destroy', 'restart'),
  }),
}
const step = fc.oneof(
  { weight: 2, arbitrary: steps.create },
  { weight: 5, arbitrary: steps.put },
  { weight: 5, arbitrary: steps.update },
  { weight: 6, arbitrary: steps.move },
  { weight: 4, arbitrary: steps.rotate },
  { weight: 4, arbitrary: steps.others },
)
type Step = typeof step extends fc.Arbitrary<infer Made> ? Made : never

let vault: Background
/** ARNs: of the account's usual one, and of two others. */
let keys: readonly string[] = []
let RotationLambdaARN = ''

beforeAll(async () => {
  vault = await Background.withVault()
  await vault.call('secretsmanager:CreateSecret', { Name: 'usual', SecretString: 'x' })
  const usual = await vault.call('secretsmanager:ListSecretVersionIds', { SecretId: 'usual' })
  const another = async () => (await vault.call('kms:CreateKey', {})).KeyMetadata.Arn
  keys = [usual.Versions[0]?.KmsKeyIds[0] ?? '', await another(), await another()]
  RotationLambdaARN = `arn:aws:lambda:browser-1:${usual.ARN.split(':')[4]}:function:page`
})

interface Request {
  readonly operation: OperationName
  readonly input: object
  /** What the model says to it. */
  readonly outcome: Outcome
}

const given = <Value>(name: string, one: Value | null) => (one === null ? {} : { [name]: one })

/** Does the step to the model. */
function requestOf(SecretId: string, model: SecretModel, one: Step): Request | null {
  switch (one.kind) {
    case 'create': {
      const input = { Name: SecretId, ClientRequestToken: one.token, SecretString: one.value }
      const outcome = model.create(one.token, one.value)
      return { operation: 'secretsmanager:CreateSecret', input, outcome }
    }
    case 'put': {
      const { token: ClientRequestToken, value: SecretString, stages: VersionStages } = one
      const input = { SecretId, ClientRequestToken, SecretString, VersionStages }
      return { operation: 'secretsmanager:PutSecretValue', input, outcome: model.put(one) }
    }
    case 'update': {
      const key = one.key === null ? null : (keys[one.key] ?? null)
      const input = {
        SecretId,
        ...given('ClientRequestToken', one.put?.token ?? null),
        ...given('SecretString', one.put?.value ?? null),
        ...given('KmsKeyId', key),
      }
      const outcome = model.update(one.put, key)
      return { operation: 'secretsmanager:UpdateSecret', input, outcome }
    }
    case 'move': {
      const { stage, to } = one
      const from = one.from === 'holder' ? (model.labels.get(stage) ?? null) : one.from
      const versions = { ...given('RemoveFromVersionId', from), ...given('MoveToVersionId', to) }
      const input = { SecretId, VersionStage: stage, ...versions }
      const outcome = model.move({ stage, from, to })
      return { operation: 'secretsmanager:UpdateSecretVersionStage', input, outcome }
    }
    case 'rotate': {
      const input = { SecretId, RotationLambdaARN, ClientRequestToken: one.token }
      const outcome = model.rotate(one.token)
      return { operation: 'secretsmanager:RotateSecret', input, outcome }
    }
    case 'cancel': {
      const outcome = model.cancel()
      return { operation: 'secretsmanager:CancelRotateSecret', input: { SecretId }, outcome }
    }
    case 'mark': {
      const outcome = model.mark()
      return { operation: 'secretsmanager:DeleteSecret', input: { SecretId }, outcome }
    }
    case 'restore': {
      const outcome = model.restore()
      return { operation: 'secretsmanager:RestoreSecret', input: { SecretId }, outcome }
    }
    case 'destroy': {
      const input = { SecretId, ForceDeleteWithoutRecovery: true }
      return { operation: 'secretsmanager:DeleteSecret', input, outcome: model.destroy() }
    }
    case 'restart':
      return null
  }
}

async function expectAsModel(SecretId: string, model: SecretModel): Promise<void> {
  if (!model.isThere) {
    expect(await vault.refusal('secretsmanager:DescribeSecret', { SecretId })).toBe(
      'secret-not-found',
    )
    return
  }
  const facts = await vault.call('secretsmanager:DescribeSecret', { SecretId })
  expect(facts.DeletedDate !== undefined).toBe(model.isMarked)
  expect(facts.LastRotatedDate !== undefined).toBe(model.isRotated)
  const { Versions } = await vault.call('secretsmanager:ListSecretVersionIds', {
    SecretId,
    IncludeDeprecated: true,
  })
  const found = Versions.map(({ VersionId, VersionStages, KmsKeyIds }) => [
    VersionId,
    { stages: [...VersionStages].sort(), keys: KmsKeyIds },
  ])
  const expected = [...model.versions].map(([id, { key }]) => [
    id,
    { stages: model.stagesOf(id).sort(), keys: key === null ? [] : [key] },
  ])
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected))
  for (const [VersionId, { value: written }] of model.versions) {
    expect(await readAt(SecretId, VersionId)).toBe(
      model.isMarked ? 'secret-deleted' : (written ?? 'secret-not-found'),
    )
  }
}

const readAt = (SecretId: string, VersionId: string) =>
  vault.call('secretsmanager:GetSecretValue', { SecretId, VersionId }).then(
    ({ SecretString }) => SecretString,
    (error) => error.reason,
  )

test(
  'any requests answer as the model does, and every value is there to be read',
  async () => {
    let made = 0
    const property = fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (taken) => {
      const SecretId = `secret-${made++}`
      const [usual = ''] = keys
      const model = new SecretModel(usual)
      for (const one of [
        { kind: 'create', token: tokens[0] ?? '', value: 'one' } as const,
        ...taken,
      ]) {
        const request = requestOf(SecretId, model, one)
        if (request === null) await vault.restart()
        else expect(await vault.refusal(request.operation, request.input)).toBe(request.outcome)
        await expectAsModel(SecretId, model)
      }
    })
    await fc.assert(property, { numRuns: 10_000, interruptAfterTimeLimit: seconds * 1000 })
    expect(made).toBeGreaterThan(10)
  },
  (seconds + 30) * 1000,
)

const summary = (id: string) => ({ versionId: id, createdAt: 0, keyId: 'k', revision: 1 })

describe('rules of single operations', () => {
  const two = addVersion(addVersion([], summary('a'), ['AWSCURRENT']), summary('b'), ['AWSCURRENT'])

  test('a label on another version moves only where that one is named', () => {
    expect(() => moveStage(two, { stage: 'AWSCURRENT', to: 'a' })).toThrow(
      expect.objectContaining({ reason: 'secret-invalid' }),
    )
    const back = moveStage(two, { stage: 'AWSCURRENT', to: 'a', from: 'b' })
    expect(stagesByVersion(back)).toEqual({ a: ['AWSCURRENT'], b: ['AWSPREVIOUS'] })
  })

  test('a version has at most 20 labels', () => {
    const labels = Array.from({ length: 21 }, (_one, i) => `label-${i}`)
    expect(() => addVersion(two, summary('c'), labels)).toThrow(
      expect.objectContaining({ reason: 'secret-limit' }),
    )
  })

  describe('of many versions', () => {
    const dayMs = 86_400_000
    const many = (count: number, createdAt: (i: number) => number) => {
      let versions: readonly VersionSummary[] = []
      for (let i = 0; i < count; i++) {
        const version = { ...summary(`v${i}`), createdAt: createdAt(i) }
        versions = addVersion(versions, version, ['AWSCURRENT'])
      }
      return versions
    }

    test('beyond 100 the oldest without label go', () => {
      const { kept, gone } = trim(
        many(105, (i) => i),
        dayMs + 105,
      )
      expect(kept).toHaveLength(100)
      expect(gone.map((one) => one.versionId)).toEqual(['v0', 'v1', 'v2', 'v3', 'v4'])
    })

    test('those of the last 24 hours stay', () => {
      const versions = many(150, (i) => i)
      expect(trim(versions, dayMs - 1).gone).toEqual([])
      const { gone } = trim(versions, dayMs + 2)
      expect(gone.map((one) => one.versionId)).toEqual(['v0', 'v1', 'v2'])
      expect(trim(versions, dayMs + 150).kept).toHaveLength(100)
    })

    test('the 201st within 24 hours is refused', () => {
      expect(trim(many(200, Number), dayMs - 1).kept).toHaveLength(200)
      expect(() => trim(many(201, Number), dayMs - 1)).toThrow(
        expect.objectContaining({ reason: 'secret-limit' }),
      )
      expect(trim(many(201, Number), dayMs).kept).toHaveLength(200)
    })
  })
})
