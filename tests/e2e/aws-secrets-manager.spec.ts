// Each of Secrets Manager's operations, by AWS's own client in a page, unchanged. What AWS's rules are is
// tested in tests/unit/secrets-*; here it is that the client's call arrives and its answer comes back whole.

import type { Page } from '@playwright/test'
import type { Browser } from 'wxt/browser'
import { secretsOperations } from '../../src/protocol/secretsOperations.ts'
import { bundle } from './awsPage.ts'
import { connect, expect, type Keyhearth, operate, test } from './keyhearth.ts'

/** Inside extension pages. */
declare const chrome: typeof Browser

declare global {
  interface Window {
    secrets: import('@aws-sdk/client-secrets-manager').SecretsManager
    sentSecrets: Set<string>
    refusal(promise: Promise<unknown>): Promise<string>
  }
}

const client = `
  import { SecretsManager } from '@aws-sdk/client-secrets-manager'
  window.sentSecrets = new Set()
  window.secrets = new SecretsManager({
    region: 'browser-1',
    credentials: { accessKeyId: 'keyhearth', secretAccessKey: 'keyhearth' },
    requestHandler: window.keyhearth.requestHandler,
  })
  window.secrets.middlewareStack.add(
    (next, { commandName }) => (args) => {
      window.sentSecrets.add(String(commandName).replace(/Command$/, ''))
      return next(args)
    },
    { step: 'initialize' },
  )
  window.refusal = (promise) => promise.then(() => 'none', (error) => error.name)
`

async function openWithSecrets(keyhearth: Keyhearth, url: string): Promise<Page> {
  const page = await connect(keyhearth, url, 'Allow on this site', ['secrets'])
  await page.addScriptTag({ content: await bundle(client) })
  return page
}

/** Versions, labels, values. */
const versions = (page: Page) =>
  page.evaluate(async () => {
    const { secrets } = window
    const made = await secrets.createSecret({
      Name: 'db/login',
      SecretString: '{"username":"u","password":"one"}',
      Tags: [{ Key: 'team', Value: 'blue' }],
    })
    const put = await secrets.putSecretValue({ SecretId: made.ARN, SecretString: 'two' })
    const own = await secrets.putSecretValue({
      SecretId: 'db/login',
      SecretBinary: new Uint8Array([1, 2, 255]),
      VersionStages: ['mine'],
    })
    const current = await secrets.getSecretValue({ SecretId: 'db/login' })
    const previous = await secrets.getSecretValue({
      SecretId: 'db/login',
      VersionStage: 'AWSPREVIOUS',
    })
    const mine = await secrets.getSecretValue({ SecretId: 'db/login', VersionStage: 'mine' })
    await secrets.updateSecretVersionStage({
      SecretId: 'db/login',
      VersionStage: 'AWSCURRENT',
      RemoveFromVersionId: put.VersionId ?? '',
      MoveToVersionId: made.VersionId ?? '',
    })
    const moved = await secrets.getSecretValue({ SecretId: 'db/login' })
    const ids = await secrets.listSecretVersionIds({ SecretId: 'db/login' })
    await secrets.updateSecret({ SecretId: 'db/login', Description: 'the database' })
    const described = await secrets.describeSecret({ SecretId: 'db/login' })
    return {
      arn: made.ARN,
      current: current.SecretString,
      previous: previous.SecretString,
      mine: Array.from(mine.SecretBinary ?? []),
      ownStages: own.VersionStages,
      moved: moved.SecretString,
      ids: ids.Versions?.length,
      isDate: ids.Versions?.every(({ CreatedDate }) => CreatedDate instanceof Date),
      description: described.Description,
      tags: described.Tags,
      accessed: described.LastAccessedDate instanceof Date,
    }
  })

/** Lists, tags, policies, passwords, rotation, deletion, and what there is only one of: regions. */
const rest = (page: Page) =>
  page.evaluate(async () => {
    const { secrets, refusal } = window
    await secrets.createSecret({ Name: 'second', SecretString: 'x' })
    await secrets.tagResource({ SecretId: 'second', Tags: [{ Key: 'team', Value: 'red' }] })
    const listed = await secrets.listSecrets({
      Filters: [{ Key: 'tag-value', Values: ['red'] }],
    })
    const page1 = await secrets.listSecrets({ MaxResults: 1, SortOrder: 'desc' })
    const page2 = await secrets.listSecrets({
      MaxResults: 1,
      SortOrder: 'desc',
      NextToken: page1.NextToken ?? '',
    })
    const batch = await secrets.batchGetSecretValue({ SecretIdList: ['second', 'third'] })
    await secrets.untagResource({ SecretId: 'second', TagKeys: ['team'] })
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: { Federated: location.origin },
          Action: 'secretsmanager:GetSecretValue',
          Resource: '*',
        },
      ],
    })
    const valid = await secrets.validateResourcePolicy({ ResourcePolicy: policy })
    await secrets.putResourcePolicy({ SecretId: 'second', ResourcePolicy: policy })
    const got = await secrets.getResourcePolicy({ SecretId: 'second' })
    const denied = await refusal(secrets.getSecretValue({ SecretId: 'second' }))
    await secrets.deleteResourcePolicy({ SecretId: 'second' })
    const password = await secrets.getRandomPassword({
      PasswordLength: 40,
      ExcludePunctuation: true,
    })
    const regions = [{ Region: 'eu-west-1' }]
    const nowhere = [
      await refusal(
        secrets.replicateSecretToRegions({ SecretId: 'second', AddReplicaRegions: regions }),
      ),
      await refusal(
        secrets.removeRegionsFromReplication({
          SecretId: 'second',
          RemoveReplicaRegions: ['eu-west-1'],
        }),
      ),
      await refusal(secrets.stopReplicationToReplica({ SecretId: 'second' })),
    ]
    return {
      found: listed.SecretList?.map(({ Name }) => Name),
      pages: [page1.SecretList?.[0]?.Name, page2.SecretList?.[0]?.Name],
      batch: batch.SecretValues?.map(({ SecretString }) => SecretString),
      errors: batch.Errors?.map(({ ErrorCode }) => ErrorCode),
      valid: valid.PolicyValidationPassed,
      samePolicy: got.ResourcePolicy === policy,
      denied,
      afterwards: (await secrets.getSecretValue({ SecretId: 'second' })).SecretString,
      password: /^[A-Za-z0-9]{40}$/.test(password.RandomPassword ?? ''),
      nowhere,
    }
  })

/** The site's own page is the hook: AWS's four steps. */
const rotation = (page: Page) =>
  page.evaluate(async () => {
    const { secrets, refusal } = window
    const { ARN = '' } = await secrets.createSecret({ Name: 'turning', SecretString: 'old' })
    const account = ARN.split(':')[4]
    const { keyhearth } = window as never as { keyhearth: EventTarget }
    const hearing = () =>
      new Promise((resolve) => {
        keyhearth.addEventListener('rotate', () => resolve(true), { once: true })
      })
    const told = hearing()
    const without = await refusal(secrets.rotateSecret({ SecretId: ARN }))
    const request = {
      SecretId: ARN,
      RotationLambdaARN: `arn:aws:lambda:browser-1:${account}:function:page`,
      RotationRules: { ScheduleExpression: 'rate(10 days)' },
      ClientRequestToken: crypto.randomUUID(),
    }
    const begun = await secrets.rotateSecret(request)
    const heard = await told
    const toldAgain = hearing()
    const again = await secrets.rotateSecret(request)
    const heardAgain = await toldAgain
    const another = await refusal(secrets.rotateSecret({ SecretId: ARN }))
    const waiting = await secrets.describeSecret({ SecretId: ARN })
    const pending = Object.entries(waiting.VersionIdsToStages ?? {}).find(([, stages]) =>
      stages.includes('AWSPENDING'),
    )?.[0]
    const empty = await refusal(
      secrets.getSecretValue({ SecretId: ARN, VersionStage: 'AWSPENDING' }),
    )
    await secrets.putSecretValue({
      SecretId: ARN,
      ClientRequestToken: pending ?? '',
      SecretString: 'new',
      VersionStages: ['AWSPENDING'],
    })
    const before = (await secrets.getSecretValue({ SecretId: ARN })).SecretString
    const current = Object.entries(waiting.VersionIdsToStages ?? {}).find(([, stages]) =>
      stages.includes('AWSCURRENT'),
    )?.[0]
    await secrets.updateSecretVersionStage({
      SecretId: ARN,
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: pending ?? '',
      RemoveFromVersionId: current ?? '',
    })
    const after = (await secrets.getSecretValue({ SecretId: ARN })).SecretString
    const turned = await secrets.describeSecret({ SecretId: ARN })
    await secrets.cancelRotateSecret({ SecretId: ARN })
    const ended = await secrets.describeSecret({ SecretId: ARN })
    return {
      heard: [heard, heardAgain],
      without,
      another,
      sameVersion: begun.VersionId === pending && again.VersionId === pending,
      rotated: turned.LastRotatedDate instanceof Date,
      next: waiting.NextRotationDate instanceof Date,
      empty,
      before,
      after,
      enabled: ended.RotationEnabled,
    }
  })

const deletion = (page: Page) =>
  page.evaluate(async () => {
    const { secrets, refusal } = window
    const { DeletionDate } = await secrets.deleteSecret({
      SecretId: 'second',
      RecoveryWindowInDays: 7,
    })
    const refused = await refusal(secrets.getSecretValue({ SecretId: 'second' }))
    await secrets.restoreSecret({ SecretId: 'second' })
    const back = (await secrets.getSecretValue({ SecretId: 'second' })).SecretString
    await secrets.deleteSecret({ SecretId: 'second', ForceDeleteWithoutRecovery: true })
    const gone = await refusal(secrets.describeSecret({ SecretId: 'second' }))
    const days = ((DeletionDate?.getTime() ?? 0) - Date.now()) / 86_400_000
    return { days: Math.round(days), refused, back, gone, sent: [...window.sentSecrets] }
  })

test('AWS’s own client drives every operation of Secrets Manager', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const page = await openWithSecrets(keyhearth, site.origin)
  const first = await versions(page)
  expect(first).toMatchObject({
    arn: expect.stringMatching(/^arn:aws:secretsmanager:browser-1:\d{12}:secret:db\/login-\w{6}$/),
    current: 'two',
    previous: '{"username":"u","password":"one"}',
    mine: [1, 2, 255],
    ownStages: ['mine'],
    moved: '{"username":"u","password":"one"}',
    ids: 3,
    isDate: true,
    description: 'the database',
    tags: [{ Key: 'team', Value: 'blue' }],
    accessed: true,
  })
  expect(await rest(page)).toEqual({
    found: ['second'],
    pages: ['second', 'db/login'],
    batch: ['x'],
    errors: ['ResourceNotFoundException'],
    valid: true,
    samePolicy: true,
    denied: 'AccessDeniedException',
    afterwards: 'x',
    password: true,
    nowhere: ['InvalidParameterException', 'InvalidParameterException', 'InvalidRequestException'],
  })
  expect(await rotation(page)).toEqual({
    heard: [true, true],
    without: 'InvalidRequestException',
    another: 'InvalidRequestException',
    sameVersion: true,
    rotated: true,
    next: true,
    empty: 'ResourceNotFoundException',
    before: 'old',
    after: 'new',
    enabled: false,
  })
  const last = await deletion(page)
  expect(last).toMatchObject({
    days: 7,
    refused: 'InvalidRequestException',
    back: 'x',
    gone: 'ResourceNotFoundException',
  })
  const names = Object.keys(secretsOperations).map((name) => name.split(':')[1])
  expect(last.sent.sort()).toEqual(names.sort())
})

test('a secret of the person’s is read by the site its policy names, until that is taken back', async ({
  keyhearth,
  site,
  otherSite,
}) => {
  const popup = await keyhearth.createVault()
  const { ARN } = await operate<{ ARN: string }>(popup, 'secretsmanager:CreateSecret', {
    Name: 'shared/token',
    SecretString: 'for one site',
  })
  const allow = (Principal: object) =>
    operate(popup, 'secretsmanager:PutResourcePolicy', {
      SecretId: ARN,
      ResourcePolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal, Action: 'secretsmanager:GetSecretValue', Resource: '*' },
        ],
      }),
    })
  const page = await openWithSecrets(keyhearth, site.origin)
  const other = await openWithSecrets(keyhearth, otherSite.origin)
  const read = (one: Page) =>
    one.evaluate(
      (SecretId) =>
        window.secrets.getSecretValue({ SecretId }).then(
          ({ SecretString }) => SecretString,
          (error: Error) => error.name,
        ),
      ARN,
    )
  const refused = await read(page)
  expect(refused).not.toBe('for one site')
  await allow({ Federated: site.origin })
  // AWS's rule across accounts: the policy of the secret, and the use of its key, both by the person's leave.
  const key = await operate<{ KeyMetadata: { KeyId: string } }>(popup, 'kms:DescribeKey', {
    KeyId: 'alias/personal',
  })
  expect(await read(page)).not.toBe('for one site')
  const { GrantId } = await operate<{ GrantId: string }>(popup, 'kms:CreateGrant', {
    KeyId: key.KeyMetadata.KeyId,
    GranteePrincipal: site.origin,
    Operations: ['Decrypt'],
    Constraints: { EncryptionContextSubset: { SecretARN: ARN } },
  })
  expect(await read(page)).toBe('for one site')
  expect(await read(other)).toBe(refused)
  await operate(popup, 'kms:RevokeGrant', { KeyId: key.KeyMetadata.KeyId, GrantId })
  expect(await read(page)).not.toBe('for one site')
})

test('a site has its own secrets alone; the worker’s death loses none', async ({
  keyhearth,
  site,
}) => {
  const popup = await keyhearth.createVault()
  await popup.evaluate(() =>
    chrome.runtime.sendMessage({
      keyhearth: 1,
      type: 'call',
      id: crypto.randomUUID(),
      operation: 'secretsmanager:CreateSecret',
      input: { Name: 'mine', SecretString: 'hidden' },
    }),
  )
  const page = await openWithSecrets(keyhearth, site.origin)
  await page.evaluate(() => window.secrets.createSecret({ Name: 'kept', SecretString: 'here' }))
  await keyhearth.killWorker()
  const seen = await page.evaluate(async () => {
    const { secrets, refusal } = window
    const all = await secrets.listSecrets({ IncludePlannedDeletion: true })
    return {
      names: all.SecretList?.map(({ Name }) => Name),
      kept: (await secrets.getSecretValue({ SecretId: 'kept' })).SecretString,
      persons: await refusal(secrets.getSecretValue({ SecretId: 'mine' })),
    }
  })
  expect(seen).toEqual({ names: ['kept'], kept: 'here', persons: 'ResourceNotFoundException' })
})
