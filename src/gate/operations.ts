// gate: who asks, may they, dispatch, record. This file: operations on sites and their requests, and
// the table that joins every operation to its handler.

import * as backups from '../cluster/backups.ts'
import * as checking from '../cluster/checking.ts'
import { createQuorum, getQuorum, removeQuorum, updateQuorum } from '../cluster/quorumSet.ts'
import * as restoring from '../cluster/restoring.ts'
import { retryAfterMs } from '../hsm/attempts.ts'
import type { Context, Handler, Handlers } from '../hsm/context.ts'
import { acceptDeviceRows, deviceRowsSetBack, isDeviceRowSetBack } from '../hsm/deviceRows.ts'
import * as keySlots from '../hsm/keySlots.ts'
import { eraseTrailMirror } from '../hsm/memory.ts'
import { accountId, opensHere } from '../hsm/module.ts'
import * as vault from '../hsm/operations.ts'
import * as recovery from '../hsm/recoveryOperations.ts'
import { createBranchKey, listBranchKeys, versionBranchKey } from '../kms/branchKeys.ts'
import * as certificates from '../kms/certificates.ts'
import { ensureAliasKey } from '../kms/createKey.ts'
import { deleteKey } from '../kms/deletion.ts'
import { explainAccess } from '../kms/explainAccess.ts'
import { exportKey } from '../kms/exportKey.ts'
import { exportKeys } from '../kms/exportKeys.ts'
import { listSiteGrants } from '../kms/grants.ts'
import { kmsHandlers } from '../kms/handlers.ts'
import { getIdentity, setIdentityName } from '../kms/identity.ts'
import { deleteExpiredKeyMaterial } from '../kms/import.ts'
import * as mechanisms from '../kms/mechanisms.ts'
import * as messages from '../kms/messages.ts'
import * as people from '../kms/people.ts'
import { rotateKey } from '../kms/rotation.ts'
import { listDueKeys } from '../kms/schedules.ts'
import { listKeySummaries, viewKey } from '../kms/summaries.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { PendingRequest } from '../protocol/outputs.ts'
import type { PagePrincipal } from '../protocol/principals.ts'
import type { Input } from '../protocol/schemas.ts'
import { readSite } from '../protocol/sites.ts'
import { moveEarlierSecrets } from '../secrets/earlierRecords.ts'
import { secretsHandlers } from '../secrets/handlers.ts'
import * as trail from '../trail/operations.ts'
import type { Approvals } from './approvals.ts'
import { getComposition, insertMessage, startComposing } from './composing.ts'
import { askFrames, documentsOf, injectProvider, notify, notifyTab } from './documents.ts'
import { getDraft, putDraft } from './drafts.ts'
import { type Fillings, fillItem } from './filling.ts'
import { describeKeyUse } from './keyUse.ts'
import { getRequestDocument, type PageDocuments, signDocument } from './pageDocuments.ts'
import * as quorums from './quorum.ts'
import { closeView, getReading, openToUnlock, putReading, takeView } from './reading.ts'
import type { Requests } from './requests.ts'
import { pendingMenu, type SessionState, type StoredRequest } from './session.ts'
import { getSettings, loadSettings, putSettings } from './settings.ts'
import type { Sites } from './sites.ts'
import { signBeforeLocked } from './trailKeeping.ts'
import type { Views } from './views.ts'

export interface OperationParts {
  readonly sites: Sites
  readonly requests: Requests
  readonly approvals: Approvals
  readonly documents: PageDocuments
  readonly quorum: quorums.Quorum
  readonly views: Views
  readonly fillings: Fillings
  readonly session: SessionState
  /** The lock state, the sites or the requests changed: tell who shows them. */
  readonly changed: (event: 'lock' | 'unlock' | 'change') => Promise<void>
}

const describe = (request: StoredRequest): PendingRequest => {
  const { RequestId, Kind, Origin, Rights, Asked, CreatedAt } = request
  const asked = Asked ? { Asked } : {}
  return { RequestId, Kind, Origin, Rights, ...asked, CreatedAt: CreatedAt / 1000 }
}

const getStatus =
  ({ requests, quorum }: OperationParts): Handler<'keyhearth:GetStatus'> =>
  async (context) => {
    const { hsm, now } = context
    const missing = hsm.state === 'missing'
    // Every window waits for this before it shows anything: all of it at once.
    const [Recovery, Backup, isSetBack, astray, slots, retryMs] = await Promise.all([
      missing ? ('unconfirmed' as const) : recovery.recoveryState(context),
      backups.backupState(hsm, loadSettings(hsm), now),
      hsm.openedIfAny?.records.isSetBack().catch(() => false),
      deviceRowsSetBack(hsm).catch(() => []),
      hsm.slots(),
      missing ? 0 : retryAfterMs(hsm.db, now),
    ])
    const SetBackHere = astray.flatMap((id) => (id === 'site-mirror' ? [] : [id]))
    return {
      Vault: hsm.state,
      Recovery,
      Backup,
      SetBack: isSetBack ?? false,
      SetBackHere,
      OpensBy: [...new Set(slots.filter(opensHere).map(({ kind }) => kind))],
      AccountId: hsm.vaultRow ? accountId(hsm.vaultRow.vaultId, null) : null,
      RetryAfterSeconds: Math.ceil(retryMs / 1000),
      WaitingRequests: requests.waiting,
      QuorumRequests: quorum.waiting.length,
    }
  }

const getSite =
  ({ sites, requests }: OperationParts): Handler<'keyhearth:GetSite'> =>
  async (context, { Origin }) => {
    const waiting = requests.waitingFrom(Origin)
    return {
      Site: context.hsm.state === 'unlocked' ? await sites.describe(context, Origin) : null,
      Waiting: waiting && describe(waiting),
    }
  }

/** What waits of it is refused, and what was approved is not carried out. */
const revokeSite =
  ({ sites, requests, approvals, changed }: OperationParts): Handler<'keyhearth:RevokeSite'> =>
  async (context, { Origin }) => {
    await sites.stageRevoke(context, [Origin])
    context.afterCommit(async () => {
      await approvals.drop((site) => site === Origin)
      await requests.cancel((one) => one.Origin === Origin)
      await endConnections([Origin])
      await changed('change')
    })
    return {}
  }

/** Nothing of it is asked any more; what waits of it is refused. */
const blockSite =
  ({ sites, requests, approvals, changed }: OperationParts): Handler<'keyhearth:BlockSite'> =>
  async (context, { Origin }) => {
    await sites.stageBlock(context, Origin)
    context.afterCommit(async () => {
      await approvals.drop((site) => sites.isBlocked(site))
      await requests.cancel((one) => sites.isBlocked(one.Origin))
      await endConnections([Origin])
      await changed('change')
    })
    return {}
  }

const unblockSite =
  ({ sites, changed }: OperationParts): Handler<'keyhearth:UnblockSite'> =>
  async (context, { Origin }) => {
    await sites.stageUnblock(context, Origin)
    context.afterCommit(() => changed('change'))
    return {}
  }

async function endConnections(origins: readonly string[]): Promise<void> {
  const revoked = { keyhearth: 1, type: 'revoked' } as const
  for (const { tabId } of await documentsOf(origins)) await notifyTab(tabId, revoked)
}

/** The person answers a request that waits behind the badge. */
const openRequest =
  ({ requests }: OperationParts): Handler<'keyhearth:OpenRequest'> =>
  async (_context, { Origin }) => {
    const waiting = requests.waitingFrom(Origin)
    if (!waiting) throw new KeyhearthError('request-gone')
    if (waiting.Kind !== 'connect' || waiting.Rights.length > 0) {
      await requests.show(waiting)
      return {}
    }
    // Only now is the page's own wish read, by its relay (gate/knocks).
    await requests.expect(waiting)
    await notify(waiting.Document, { keyhearth: 1, type: 'resume', wait: 'knock' })
    return {}
  }

/** Allows once or for good, on the request as it was shown. The vault is open by now. */
const decideRequest =
  (parts: OperationParts): Handler<'keyhearth:DecideRequest'> =>
  async (context, input) => {
    const { RequestId, Decision } = input
    const { sites, requests, changed } = parts
    const request = requests.find(RequestId)
    if (request.Kind === 'operation') return approve(parts, context, request, input)
    if (request.Kind !== 'connect') throw new KeyhearthError('request-gone')
    const site = readSite(request.Origin)
    const page: PagePrincipal = { kind: 'page', ...site, ...request.Document }
    await makeSiteKey(context, request.Origin)
    if (Decision === 'site') await sites.stageAllow(context, request.Origin, request.Rights)
    context.afterCommit(async () => {
      await requests.take(RequestId)
      if (Decision === 'once') await sites.allowOnce(page, request.Rights)
      await injectProvider(page)
      if (page.frameId === 0 || Decision === 'site') await askFrames(page.tabId)
      requests.goOn(request.Origin)
      await changed('change')
    })
    return {}
  }

/** Once, for the very call that was shown. Its relay is told, and sends it again. */
function approve(
  { requests, approvals, documents }: OperationParts,
  context: Context,
  { RequestId, Approval, Document, Origin }: StoredRequest,
  { Decision, Signed }: Input<'keyhearth:DecideRequest'>,
): Record<string, never> {
  if (Decision !== 'once' || !Approval) throw new KeyhearthError('not-allowed')
  const isDocument = Approval.operation === 'keyhearth:SignDocument'
  if (isDocument !== (Signed !== undefined)) throw new KeyhearthError('not-allowed')
  context.afterCommit(async () => {
    await requests.take(RequestId)
    if (Signed) documents.sign(RequestId, Signed)
    await approvals.add(Signed ? { ...Approval, grantId: RequestId } : Approval, context.now)
    await notify(Document, { keyhearth: 1, type: 'resume', wait: RequestId })
    requests.goOn(Origin)
  })
  return {}
}

async function makeSiteKey(context: Context, origin: string): Promise<void> {
  const account = accountId(context.vault.vaultId, origin)
  await ensureAliasKey(context, account, 'alias/site', 'Messages of this site')
}

const refuseRequest =
  ({ requests }: OperationParts): Handler<'keyhearth:RefuseRequest'> =>
  async (context, { RequestId }) => {
    const request = requests.find(RequestId)
    context.afterCommit(() => requests.refuse(request, context.now))
    return {}
  }

/** After a handler's commit: what unlocking and locking set off everywhere. */
const then =
  <Input, Output>(
    handler: (context: Context, input: Input) => Promise<Output>,
    action: (context: Context) => Promise<void>,
  ) =>
  async (context: Context, input: Input): Promise<Output> => {
    const output = await handler(context, input)
    context.afterCommit(() => action(context))
    return output
  }

/** What Keyhearth 0.1 wrote is brought up to date with the first unlocking; damage there must not keep it shut. */
const unlockAndUpdate: Handler<'keyhearth:Unlock'> = async (context, input) => {
  const output = await vault.unlock(context, input)
  await bringUpToDate(context)
  return output
}

const bringUpToDate = (context: Context): Promise<void> =>
  moveEarlierSecrets(context).catch((error) => console.error('keyhearth: secrets', error))

/** What was chosen before this is not done at the next unlocking; what is chosen from now on is. */
const lock =
  ({ session }: OperationParts): Handler<'keyhearth:Lock'> =>
  async (context, input) => {
    await session.set(pendingMenu, null)
    return vault.lock(context, input)
  }

const ownKey = (context: Context): Promise<void> => {
  const account = accountId(context.vault.vaultId, null)
  return ensureAliasKey(context, account, 'alias/personal', 'Your own key')
}

/** What damaged the vault may have taken its keys as well: it must be one to work with again. */
const recoverWhole: Handler<'keyhearth:RecoverVault'> = async (context, input) => {
  const output = await recovery.recoverVault(context, input)
  await ownKey(context)
  await bringUpToDate(context)
  await admitLostTrail(context)
  return output
}

/** Where the trail went with the database, a new one begins with the recovery; its loss was no attack. */
async function admitLostTrail({ hsm, afterCommit }: Context): Promise<void> {
  if (await hsm.db.get('vault', 'trail-head')) return
  afterCommit(() => eraseTrailMirror(hsm.memory))
}

/** The site whose page is the hook of its own secret hears that a rotation is due; its secrets say of which. */
async function tellHook({ sites }: OperationParts, { vault }: Context, arn: string): Promise<void> {
  const [, , , , account] = arn.split(':')
  const site = sites.origins.find((one) => accountId(vault.vaultId, one) === account)
  if (site === undefined) return
  const notice = { keyhearth: 1, type: 'event', event: 'rotate' } as const
  for (const { tabId } of await documentsOf([site])) await notifyTab(tabId, notice)
}

const rotateSecret =
  (parts: OperationParts): Handler<'secretsmanager:RotateSecret'> =>
  async (context, input) => {
    const output = await secretsHandlers['secretsmanager:RotateSecret'](context, input)
    context.afterCommit(() => tellHook(parts, context, output.ARN))
    return output
  }

const rotateDueSecret =
  (parts: OperationParts): Handler<'keyhearth:RotateDueSecret'> =>
  async (context, input) => {
    const output = await secretsHandlers['keyhearth:RotateDueSecret'](context, input)
    context.afterCommit(() => tellHook(parts, context, input.SecretId))
    return output
  }

/** The vault is older than it was, or what this device keeps beside it, and the person knows. */
const acceptSetBack: Handler<'keyhearth:AcceptSetBack'> = async (context, input) => {
  await acceptDeviceRows(context)
  return checking.acceptSetBack(context, input)
}

/** Only now is it known whether what this device keeps beside the vault was written last. */
async function mendMirror({ sites }: OperationParts, { hsm }: Context): Promise<void> {
  if (await isDeviceRowSetBack(hsm, 'site-mirror')) await sites.restoreMirror()
}

export function handlersOf(parts: OperationParts): Handlers {
  const { sites, requests, documents, quorum, changed } = parts
  const unlocked = async (context: Context) => {
    await mendMirror(parts, context)
    await requests.resumeUnlocked()
    await changed('unlock')
  }
  return {
    'keyhearth:GetStatus': getStatus(parts),
    'keyhearth:CreateVault': then(vault.createVault(ownKey), unlocked),
    'keyhearth:Unlock': then(unlockAndUpdate, unlocked),
    'keyhearth:Lock': then(lock(parts), async (context) => {
      await quorum.clear()
      await changed('lock')
      await signBeforeLocked(context)
    }),
    'keyhearth:ChangePassphrase': vault.changePassphrase,
    'keyhearth:GetPendingRecoveryKey': recovery.getPendingRecoveryKey,
    'keyhearth:ConfirmRecoveryKey': recovery.confirmRecoveryKey,
    'keyhearth:PostponeRecoveryKey': recovery.postponeRecoveryKey,
    'keyhearth:ReplaceRecoveryKey': recovery.replaceRecoveryKey,
    'keyhearth:RecoverVault': then(recoverWhole, async (context) => {
      await sites.restoreMirror()
      await unlocked(context)
    }),
    'keyhearth:RehearseRecovery': recovery.rehearseRecovery,
    'keyhearth:ListKeySlots': keySlots.listKeySlots,
    'keyhearth:BeginPasskey': keySlots.beginPasskey,
    'keyhearth:AddKeySlot': keySlots.addKeySlot,
    'keyhearth:RenameKeySlot': keySlots.renameKeySlot,
    'keyhearth:RemoveKeySlot': keySlots.removeKeySlot,
    'keyhearth:GetQuorum': getQuorum,
    'keyhearth:CreateQuorum': createQuorum,
    'keyhearth:UpdateQuorum': updateQuorum,
    'keyhearth:RemoveQuorum': then(removeQuorum, () => quorum.clear()),
    'keyhearth:ListQuorumRequests': quorums.listQuorumRequests(quorum),
    'keyhearth:ApproveByShare': quorums.approveByShare(quorum),
    'keyhearth:DeclineQuorumRequest': quorums.declineQuorumRequest(quorum),
    'keyhearth:ExpireQuorumRequest': quorums.expireQuorumRequest,
    'keyhearth:StartBackup': backups.beginBackup(({ hsm }) => loadSettings(hsm)),
    'keyhearth:ReadBackup': backups.readBackup,
    'keyhearth:FinishBackup': backups.finishBackup,
    'keyhearth:StartRestore': restoring.startRestore,
    'keyhearth:SendBackup': restoring.sendBackup,
    'keyhearth:ReviewBackup': restoring.reviewBackup,
    'keyhearth:MergeBackup': restoring.mergeBackup,
    'keyhearth:RestoreBackup': then(restoring.restoreBackup, async (context) => {
      await quorum.clear()
      await sites.restoreMirror()
      await unlocked(context)
    }),
    'keyhearth:CheckRecords': checking.checkRecords,
    'keyhearth:AcceptSetBack': then(acceptSetBack, () => changed('change')),
    'keyhearth:ExportKeys': exportKeys,
    'keyhearth:ExportKey': exportKey,
    'keyhearth:GetSettings': getSettings,
    'keyhearth:PutSettings': putSettings,
    'keyhearth:GetDraft': getDraft,
    'keyhearth:PutDraft': putDraft,
    'keyhearth:EncryptMessage': messages.encryptMessage,
    'keyhearth:DecryptMessage': messages.decryptMessage,
    'keyhearth:StartMessage': messages.startMessage,
    'keyhearth:OpenMessage': messages.openMessage,
    'keyhearth:Compose': startComposing(parts),
    'keyhearth:GetComposition': getComposition(parts),
    'keyhearth:InsertMessage': insertMessage(parts),
    'keyhearth:GetReading': getReading,
    'keyhearth:PutReading': putReading,
    'keyhearth:TakeView': takeView(parts),
    'keyhearth:CloseView': closeView(parts),
    'keyhearth:OpenToUnlock': openToUnlock,
    'keyhearth:CreateBranchKey': createBranchKey,
    'keyhearth:VersionBranchKey': versionBranchKey,
    'keyhearth:ListBranchKeys': listBranchKeys,
    'keyhearth:GetIdentity': getIdentity,
    'keyhearth:SetIdentityName': setIdentityName,
    'keyhearth:ListPeople': people.listPeople,
    'keyhearth:ReviewCard': people.reviewCard,
    'keyhearth:ImportPerson': people.importPerson,
    'keyhearth:UpdatePerson': people.updatePerson,
    'keyhearth:RemovePerson': people.removePerson,
    'keyhearth:EnsureSigningKey': certificates.ensureSigningKey,
    'keyhearth:ListCertificates': certificates.listCertificates,
    'keyhearth:PutCertificate': certificates.putCertificate,
    'keyhearth:RevokeCertificate': certificates.revokeCertificate,
    'keyhearth:RemoveCertificate': certificates.removeCertificate,
    'keyhearth:SignDocument': signDocument(documents),
    'keyhearth:GetRequestDocument': getRequestDocument(documents, requests),
    'keyhearth:GetSite': getSite(parts),
    'keyhearth:ListSites': async (context) => ({
      Sites: await sites.list(context),
      Blocked: sites.blocked,
    }),
    'keyhearth:ListSiteGrants': listSiteGrants,
    'keyhearth:BlockSite': blockSite(parts),
    'keyhearth:UnblockSite': unblockSite(parts),
    'keyhearth:RevokeSite': revokeSite(parts),
    'keyhearth:OpenRequest': openRequest(parts),
    'keyhearth:GetRequest': async (_context, { RequestId }) => ({
      Request: describe(requests.find(RequestId)),
    }),
    'keyhearth:DecideRequest': decideRequest(parts),
    'keyhearth:RefuseRequest': refuseRequest(parts),
    ...kmsHandlers,
    'keyhearth:HsmEncrypt': mechanisms.hsmEncrypt,
    'keyhearth:HsmDecrypt': mechanisms.hsmDecrypt,
    'keyhearth:HsmWrapKey': mechanisms.hsmWrapKey,
    'keyhearth:HsmUnwrapKey': mechanisms.hsmUnwrapKey,
    'keyhearth:HsmDerive': mechanisms.hsmDerive,
    'keyhearth:HsmDigest': mechanisms.hsmDigest,
    'keyhearth:DescribeKeyUse': describeKeyUse,
    'keyhearth:ExplainAccess': explainAccess,
    'keyhearth:ListDueKeys': listDueKeys,
    'keyhearth:DeleteKey': deleteKey,
    'keyhearth:RotateKey': rotateKey,
    'keyhearth:DeleteExpiredKeyMaterial': deleteExpiredKeyMaterial,
    'keyhearth:ListKeySummaries': listKeySummaries,
    'keyhearth:ViewKey': viewKey,
    ...secretsHandlers,
    'secretsmanager:RotateSecret': rotateSecret(parts),
    'keyhearth:RotateDueSecret': rotateDueSecret(parts),
    'keyhearth:FillItem': fillItem(parts),
    'keyhearth:ListEvents': trail.listEvents,
    'keyhearth:SummariseEvents': trail.summariseEvents,
    'keyhearth:VerifyTrail': trail.verifyTrail,
    'keyhearth:ExportTrail': trail.exportTrail,
    'keyhearth:RemoveOldEvents': trail.removeOldEvents,
  }
}
