// An event is shaped as CloudTrail's record, holds what the operation table allows and nothing else, and
// stands for every operation that was asked for, whatever came of it.

import { describe, expect, test } from 'vitest'
import type { TrailEvent } from '../../src/protocol/outputs.ts'
import { Background, page, passphrase } from './background.ts'

async function newest(vault: Background): Promise<TrailEvent> {
  const { Events } = await vault.call('keyhearth:ListEvents', { Limit: 1 })
  const [event] = Events
  if (!event) throw new Error('no event')
  return event
}

describe('an event', () => {
  test('has the members of a CloudTrail record', async () => {
    const vault = await Background.withVault()
    const { AccountId } = await vault.call('keyhearth:GetStatus', {})
    const secret = await vault.call('secretsmanager:CreateSecret', {
      Name: 'named',
      SecretString: 'valued',
    })
    expect(await newest(vault)).toEqual({
      sequence: 2,
      eventVersion: '1.11',
      eventID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      eventSource: 'secretsmanager.amazonaws.com',
      eventName: 'CreateSecret',
      eventType: 'AwsApiCall',
      awsRegion: 'browser-1',
      userIdentity: {
        type: 'Root',
        arn: `arn:aws:iam::${AccountId}:root`,
        accountId: AccountId,
      },
      requestParameters: { Name: 'named' },
      responseElements: { ARN: secret.ARN, Name: 'named', VersionId: secret.VersionId },
      readOnly: false,
      resources: expect.arrayContaining([
        { ARN: secret.ARN, accountId: AccountId, type: 'AWS::SecretsManager::Secret' },
      ]),
      requestID: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
  })

  test('of a key names its type', async () => {
    const vault = await Background.withVault()
    const { KeyId } = await vault.call('kms:Encrypt', {
      KeyId: 'alias/personal',
      Plaintext: new Uint8Array([1]),
    })
    expect((await newest(vault)).resources).toContainEqual(
      expect.objectContaining({ ARN: KeyId, type: 'AWS::KMS::Key' }),
    )
  })

  test('of a failure tells the table’s sentence and none of the request’s words', async () => {
    const vault = await Background.withVault()
    await vault.refusal('secretsmanager:GetSecretValue', { SecretId: 'not there' })
    expect(await newest(vault)).toMatchObject({
      errorCode: 'ResourceNotFoundException',
      errorMessage: 'There is no secret of that name.',
      requestParameters: { SecretId: 'not there' },
      responseElements: null,
    })
    const input = { Name: 'x', SecretString: { said: 'a secret word' }, other: 'a secret word' }
    expect(await vault.refusal('secretsmanager:CreateSecret', input)).toBe('invalid-input')
    const event = await newest(vault)
    expect(event).toMatchObject({
      eventName: 'CreateSecret',
      errorCode: 'ValidationException',
      requestParameters: null,
    })
    expect(JSON.stringify(event)).not.toContain('secret word')
  })

  test('stands for an operation that does not exist, without what was sent', async () => {
    const vault = await Background.withVault()
    const name = 'kms:Secret-word' as 'kms:ListKeys'
    expect(await vault.refusal(name, { a: 1 }, page('https://a.example'))).toBe('unknown-operation')
    const event = await newest(vault)
    expect(event).toMatchObject({
      eventName: 'UnknownOperation',
      errorCode: 'UnknownOperationException',
      requestParameters: null,
      userIdentity: { type: 'FederatedUser', origin: 'https://a.example' },
    })
    expect(JSON.stringify(event)).not.toContain('ecret-word')
  })

  test('stands for a page’s try to read the trail, and not for the person’s reading it', async () => {
    const vault = await Background.withVault()
    for (let i = 0; i < 5; i++) {
      await vault.call('keyhearth:ListEvents', {})
      await vault.call('keyhearth:SummariseEvents', { StartTime: 0, EndTime: 9, BucketSeconds: 9 })
    }
    expect(await vault.db.count('trail')).toBe(1)
    await vault.refusal('keyhearth:ListEvents', {}, page('https://a.example'))
    expect(await newest(vault)).toMatchObject({
      eventName: 'ListEvents',
      errorCode: 'AccessDeniedException',
    })
  })

  test('stands for a failed unlocking, once each', async () => {
    const vault = await Background.withVault()
    await vault.call('keyhearth:Lock', {})
    await vault.refusal('keyhearth:Unlock', { Passphrase: 'not that one' })
    await vault.refusal('keyhearth:Unlock', { Passphrase: 'nor that one' })
    await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
    const { Events } = await vault.call('keyhearth:ListEvents', { EventName: 'Unlock' })
    expect(Events.map(({ errorCode }) => errorCode)).toEqual([
      undefined,
      'AccessDeniedException',
      'AccessDeniedException',
    ])
    expect(JSON.stringify(Events)).not.toContain('that one')
  })
})

describe('many operations at once', () => {
  test('each have their event, in one chain', async () => {
    const vault = await Background.withVault()
    await Promise.all([
      ...Array.from({ length: 30 }, () => vault.call('kms:ListKeys', {})),
      ...Array.from({ length: 5 }, (_, i) =>
        vault.call('secretsmanager:CreateSecret', { Name: `s${i}`, SecretString: 'x' }),
      ),
      ...Array.from({ length: 10 }, () =>
        vault.refusal('secretsmanager:GetSecretValue', { SecretId: 'none' }),
      ),
    ])
    expect(await vault.call('keyhearth:VerifyTrail', {})).toMatchObject({
      Intact: true,
      Events: 46,
    })
    expect((await vault.call('secretsmanager:ListSecrets', {})).SecretList).toHaveLength(5)
  })

  test('fail alone: what cannot be stored takes nobody else with it', async () => {
    const vault = await Background.withVault()
    const { commit } = await import('../../src/store/commit.ts')
    const slot = (id: unknown) => ({ store: 'slots', put: { id } }) as never
    const outcomes = await Promise.allSettled([
      commit(vault.hsm.db, [slot('first')], null),
      commit(vault.hsm.db, [slot('second')], null),
      commit(vault.hsm.db, [slot('third'), slot({ no: 'key' })], null),
      commit(vault.hsm.db, [slot('fourth')], null),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    const ids = await vault.db.getAllKeys('slots')
    expect(ids).toEqual(expect.arrayContaining(['first', 'second', 'fourth']))
    expect(ids).not.toContain('third')
  })
})
