// trail: what happened, CloudTrail-shaped, append-only and hash-chained. This file: its operations.

import type { Handler } from '../hsm/context.ts'
import { exportTrail as exportPage } from './exporting.ts'
import { listEvents as list, summariseEvents as summarise } from './listing.ts'
import { removable, removal } from './retention.ts'
import { trailKeys } from './sealing.ts'
import { verifyTrail as verify } from './verify.ts'

export const listEvents: Handler<'keyhearth:ListEvents'> = async ({ hsm, vault }, input) =>
  list(hsm.db, await trailKeys(hsm, vault), input)

export const summariseEvents: Handler<'keyhearth:SummariseEvents'> = async (
  { hsm, vault },
  input,
) => summarise(hsm.db, await trailKeys(hsm, vault), input)

export const verifyTrail: Handler<'keyhearth:VerifyTrail'> = ({ hsm, vault }) => verify(hsm, vault)

export const exportTrail: Handler<'keyhearth:ExportTrail'> = ({ hsm, vault, now }, input) =>
  exportPage(hsm, vault, input, now)

/** The event that tells of it is on the chain behind what is left. */
export const removeOldEvents: Handler<'keyhearth:RemoveOldEvents'> = async (
  { hsm, vault, staged, now },
  { OlderThanDays },
) => {
  const boundary = await removable(hsm, OlderThanDays, now)
  const changes = boundary && (await removal(hsm, vault, boundary))
  if (!boundary || !changes) return { Events: 0, Through: null }
  staged.change(...changes)
  return { Events: boundary.last - boundary.first + 1, Through: boundary.last }
}
