// kms: keys, their states and what is done under them; one file per family of operations.
// This file: certificates of the person's keys, whom they trust, and what their own authority issued, as records.

import type { Bytes } from '../codec/bytes.ts'
import type { Context } from '../hsm/context.ts'
import { recordKind } from '../hsm/records.ts'
import type { CertificateKind } from '../protocol/outputs.ts'

export interface CertificateRecord {
  readonly certificateId: string
  readonly kind: CertificateKind
  /** Of `own` and `issued` alone. */
  readonly keyArn?: string
  readonly chain: readonly Bytes[]
  readonly name: string
  /** Milliseconds since 1970. */
  readonly addedAt: number
  readonly revokedAt?: number
  readonly revocationReason?: number
}

const certificates = recordKind<CertificateRecord>('certificates')

const group = ({ vault }: Context): string => vault.label('certificates', '')

export const allCertificates = (context: Context): Promise<CertificateRecord[]> =>
  context.records.list(certificates, group(context))

export const findCertificate = (context: Context, id: string): Promise<CertificateRecord | null> =>
  context.records.get(certificates, id)

export function putCertificateRecord(context: Context, record: CertificateRecord): void {
  context.staged.put(certificates, record.certificateId, group(context), record)
}

export function removeCertificateRecord(context: Context, certificateId: string): void {
  context.staged.remove(certificates, certificateId)
}
