// trail: what happened, CloudTrail-shaped, append-only and hash-chained. This file: the chain itself.
//
// Each row's hash covers the hash before it, its place and its content, so a row that is edited,
// dropped, inserted or moved breaks the chain where it stands. Hashes alone could be made anew by anyone
// with the disk; so the head carries a MAC, and each row a proof that it was appended to a head with
// such a MAC. A forged head is not mended by going on from it: the row that did so shows it for good.
//
// All of it is synchronous: it happens inside the transaction that commits the change the event tells of.
// What nothing here can show is a whole profile set back to an earlier day (docs/trail.md).

import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, concatBytes, joinUnambiguously, uint64 } from '../codec/bytes.ts'
import { encodeHex } from '../codec/text.ts'
import type { TrailSealer } from '../hsm/trailKey.ts'
import type { AdvanceTrail } from '../store/commit.ts'
import type {
  ProvenHeadRow,
  ProvenTrailRow,
  TrailHeadRow,
  TrailRow,
  UnprovenTrailRow,
} from '../store/schema.ts'

/** The hash before the first event. */
export const genesis: Bytes = new Uint8Array(32)

export const hashOf = (bytes: Uint8Array): Bytes => new Uint8Array(sha256(bytes))

export const isProven = (row: TrailRow): row is ProvenTrailRow => 'proof' in row
export const isProvenHead = (head: TrailHeadRow): head is ProvenHeadRow => 'mac' in head

/** What of a proven row the chain's hash covers: nothing that needs a key, so exports can carry it. */
type Linked = Omit<ProvenTrailRow, 'hash' | 'proof' | 'sealed'> & {
  readonly sealedHash: Uint8Array
}

/** The hash of a row at its place behind `previous`. */
export const chainHash = (previous: Uint8Array, row: TrailRow): Bytes =>
  isProven(row)
    ? linkHash(previous, { ...row, sealedHash: hashOf(row.sealed) })
    : unprovenHash(previous, row)

function linkHash(previous: Uint8Array, row: Linked): Bytes {
  const { sequence, sealedBy, device, sealedHash, commitment, digests } = row
  return hashOf(
    joinUnambiguously(
      'keyhearth/trail/2',
      previous,
      uint64(sequence),
      sealedBy,
      device,
      sealedHash,
      commitment,
      uint64(digests),
    ),
  )
}

/** As version 1 of the database hashed; cannot be taken for the other, whose text stands first. */
const unprovenHash = (
  previous: Uint8Array,
  { sequence, sealedBy, sealed }: UnprovenTrailRow,
): Bytes => hashOf(concatBytes(previous, uint64(sequence), joinUnambiguously(sealedBy, sealed)))

type HeadContent = Pick<ProvenHeadRow, 'sequence' | 'hash' | 'digests' | 'digestHash'>

export const headMac = (
  sealer: Pick<TrailSealer, 'mac'>,
  { sequence, hash, digests, digestHash }: HeadContent,
): string => sealer.mac(`head ${sequence} ${encodeHex(hash)} ${digests} ${digestHash}`)

/** One-way, so that a row does not give away the MAC of an earlier head to whoever cuts the end. */
export const proofOf = (macBefore: string, hash: Uint8Array): Bytes =>
  hashOf(joinUnambiguously(macBefore, hash))

export function proveHead(sealer: TrailSealer, content: HeadContent): ProvenHeadRow {
  const { sequence, hash, digests, digestHash } = content
  const { sealedBy, device } = sealer
  const mac = headMac(sealer, content)
  return { id: 'trail-head', sequence, hash, digests, digestHash, sealedBy, device, mac }
}

/** Appends a sealed event wherever the head stands when it commits. `appended` is told where that was. */
export const appendSealed =
  (
    sealer: TrailSealer,
    { sealed, commitment }: Pick<ProvenTrailRow, 'sealed' | 'commitment'>,
    appended: (sequence: number) => void = () => {},
  ): AdvanceTrail =>
  (head) => {
    const { sealedBy, device } = sealer
    const proven = head && isProvenHead(head) ? head : null
    const sequence = (head?.sequence ?? 0) + 1
    const { digests, digestHash } = proven ?? { digests: 0, digestHash: '' }
    const content = { sequence, sealedBy, device, sealed, commitment, digests }
    const sealedHash = hashOf(sealed)
    const hash = linkHash(head?.hash ?? genesis, { ...content, sealedHash })
    const row = { ...content, hash, proof: proofOf(proven?.mac ?? '', hash) }
    appended(sequence)
    return { row, head: proveHead(sealer, { sequence, hash, digests, digestHash }) }
  }
