// The bare extension of the bench: Keyhearth's own background, whole, in an extension page over real
// IndexedDB, so that the operations of KMS can be timed where they run, without messages.

import { Approvals } from '../../../src/gate/approvals.ts'
import { Gate } from '../../../src/gate/dispatch.ts'
import { Fillings } from '../../../src/gate/filling.ts'
import { handlersOf } from '../../../src/gate/operations.ts'
import { PageDocuments } from '../../../src/gate/pageDocuments.ts'
import { Quorum } from '../../../src/gate/quorum.ts'
import { Requests } from '../../../src/gate/requests.ts'
import { SessionState } from '../../../src/gate/session.ts'
import { Sites } from '../../../src/gate/sites.ts'
import { Views } from '../../../src/gate/views.ts'
import type { Context, Handlers } from '../../../src/hsm/context.ts'
import type { StorageArea } from '../../../src/hsm/memory.ts'
import { accountId, SecurityModule } from '../../../src/hsm/module.ts'
import { Staged } from '../../../src/hsm/records.ts'
import type { Principal } from '../../../src/protocol/principals.ts'
import { commit } from '../../../src/store/commit.ts'
import { Database } from '../../../src/store/database.ts'
import { inTurns, type Pairs, type Work } from './turns.ts'

export type KmsCase = 'encrypt' | 'decrypt' | 'sign' | 'dispatch' | 'grant' | 'describe' | 'list'

const person: Principal = { kind: 'person', page: 'manager' }
const page = {
  kind: 'page',
  origin: 'https://bench.example',
  tabId: 1,
  frameId: 0,
  documentId: 'bench',
} as const satisfies Principal
const text = new Uint8Array(1024).fill(0x61)
const notExtractable = false

class Area implements StorageArea {
  readonly #items = new Map<string, unknown>()
  async get(key: string) {
    return this.#items.has(key) ? { [key]: this.#items.get(key) } : {}
  }
  async set(items: Record<string, unknown>) {
    for (const [key, value] of Object.entries(items)) this.#items.set(key, value)
  }
  async remove(key: string) {
    this.#items.delete(key)
  }
}

class Background {
  readonly gate: Gate
  readonly handlers: Handlers
  readonly hsm: SecurityModule
  readonly sites: Sites

  private constructor(gate: Gate, handlers: Handlers, hsm: SecurityModule, sites: Sites) {
    this.gate = gate
    this.handlers = handlers
    this.hsm = hsm
    this.sites = sites
  }

  static async start(name: string): Promise<Background> {
    const memory = { session: new Area(), local: new Area() }
    const hsm = await SecurityModule.start(new Database(name), memory)
    const session = await SessionState.load(memory.session)
    const sites = new Sites(hsm, session, {
      connected: async () => {},
      isPresent: async () => true,
    })
    const requests = new Requests(session, {
      isGranted: async () => false,
      closed: async () => {},
    })
    const approvals = new Approvals(session)
    const documents = new PageDocuments()
    const quorum = new Quorum(session, () => {})
    const handlers = handlersOf({
      sites,
      requests,
      approvals,
      documents,
      quorum,
      views: new Views(),
      fillings: new Fillings(),
      session,
      changed: async () => {},
    })
    const secretsChanged = () => {}
    const gate = new Gate({
      hsm,
      sites,
      requests,
      approvals,
      documents,
      quorum,
      handlers,
      secretsChanged,
    })
    await gate.perform(person, 'keyhearth:CreateVault', { Passphrase: 'correct horse battery' })
    return new Background(gate, handlers, hsm, sites)
  }

  /** What the gate gives a handler. */
  context(): Context {
    const { hsm } = this
    const { vault, records } = hsm.opened
    return {
      principal: person,
      account: accountId(hsm.vaultRow?.vaultId ?? '', null),
      now: Date.now(),
      requestId: 'bench',
      eventId: 'bench',
      hsm,
      vault,
      records,
      staged: new Staged(),
      alone: false,
      approvedGrant: null,
      reveals: false,
      touch: () => {},
      use: () => {},
      afterCommit: () => {},
    }
  }

  /** Keys by the thousand in one commit, where one event each would take minutes. */
  async fill(keys: number): Promise<string> {
    const context = this.context()
    let last = ''
    for (let i = 0; i < keys; i++) {
      last = (await this.handlers['kms:CreateKey'](context, {})).KeyMetadata.KeyId
    }
    const sealed = await context.records.seal({ puts: context.staged.puts })
    await commit(this.hsm.db, sealed.changes, null)
    sealed.committed()
    return last
  }
}

const started = new Map<string, Promise<Background>>()
function background(name: string): Promise<Background> {
  const known = started.get(name) ?? Background.start(name)
  started.set(name, known)
  return known
}

async function rawAes() {
  const raw = crypto.getRandomValues(new Uint8Array(32))
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const imported = (usage: 'encrypt' | 'decrypt') =>
    crypto.subtle.importKey('raw', raw, 'AES-GCM', notExtractable, [usage])
  const encrypt = async () =>
    crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await imported('encrypt'), text)
  const ciphertext = await encrypt()
  const decrypt = async () =>
    crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await imported('decrypt'), ciphertext)
  return { encrypt, decrypt }
}

type Sides = { readonly ours: Work; readonly bare: Work }

async function encryption(work: 'encrypt' | 'decrypt'): Promise<Sides> {
  const here = await background('bench')
  const { handlers } = here
  const KeyId = await here.fill(1)
  // Once for real: from then on the key's counter of uses is at hand, as it is in a worker at work.
  await here.gate.perform(person, 'kms:Encrypt', { KeyId, Plaintext: text })
  const encrypt = () => handlers['kms:Encrypt'](here.context(), { KeyId, Plaintext: text })
  const { CiphertextBlob } = await encrypt()
  const decrypt = () => handlers['kms:Decrypt'](here.context(), { CiphertextBlob })
  const raw = await rawAes()
  return work === 'encrypt'
    ? { ours: encrypt, bare: raw.encrypt }
    : { ours: decrypt, bare: raw.decrypt }
}

async function signing(): Promise<Sides> {
  const here = await background('bench')
  const { gate, handlers } = here
  const spec = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' } as const
  const { KeyMetadata } = await gate.perform(person, 'kms:CreateKey', spec)
  const { KeyId } = KeyMetadata
  const how = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const pair = await crypto.subtle.generateKey(how, notExtractable, ['sign', 'verify'])
  const input = { KeyId, Message: text, SigningAlgorithm: 'ECDSA_SHA_256' } as const
  await gate.perform(person, 'kms:Sign', input)
  return {
    ours: () => handlers['kms:Sign'](here.context(), input),
    bare: () => crypto.subtle.sign(how, pair.privateKey, text),
  }
}

/** The same operation with all that the gate does about it: rights, policy, event, commit. */
async function dispatch(): Promise<Sides> {
  const here = await background('bench')
  const KeyId = await here.fill(1)
  const input = { KeyId, Plaintext: text }
  return {
    ours: () => here.gate.perform(person, 'kms:Encrypt', input),
    bare: () => here.handlers['kms:Encrypt'](here.context(), input),
  }
}

/** A page with a key of the person's: no policy names it, so its grant is read and opened each time. */
async function byGrant(): Promise<Sides> {
  const here = await background('bench')
  const { KeyMetadata } = await here.gate.perform(person, 'kms:CreateKey', {})
  const { Arn: KeyId } = KeyMetadata
  await here.gate.perform(person, 'kms:CreateGrant', {
    KeyId,
    GranteePrincipal: page.origin,
    Operations: ['Encrypt'],
    Constraints: { EncryptionContextSubset: { purpose: 'bench' } },
  })
  await here.sites.allowOnce(page, ['keys'])
  const input = { KeyId, Plaintext: text, EncryptionContext: { purpose: 'bench' } }
  return {
    ours: () => here.gate.perform(page, 'kms:Encrypt', input),
    bare: () => here.handlers['kms:Encrypt'](here.context(), input),
  }
}

/** 10,000 keys against 100. */
async function among(work: 'describe' | 'list'): Promise<Sides> {
  const side = async (keys: number): Promise<Work> => {
    const here = await background(`bench ${keys}`)
    const KeyId = await here.fill(keys)
    return work === 'describe'
      ? () => here.handlers['kms:DescribeKey'](here.context(), { KeyId })
      : () => here.handlers['kms:ListKeys'](here.context(), { Limit: 100 })
  }
  return { ours: await side(10_000), bare: await side(100) }
}

const sidesOf: Readonly<Record<KmsCase, () => Promise<Sides>>> = {
  encrypt: () => encryption('encrypt'),
  decrypt: () => encryption('decrypt'),
  sign: signing,
  dispatch,
  grant: byGrant,
  describe: () => among('describe'),
  list: () => among('list'),
}
const prepared = new Map<KmsCase, Promise<Sides>>()

export const kms = {
  async kms(name: KmsCase, rounds: number): Promise<Pairs> {
    const sides = prepared.get(name) ?? sidesOf[name]()
    prepared.set(name, sides)
    const { ours, bare } = await sides
    // Thousands of the bare one, as its share of the time would be, leave garbage that ours would pay for.
    return inTurns(ours, bare, rounds, name === 'dispatch' || name === 'grant' ? 50 : undefined)
  },
}
