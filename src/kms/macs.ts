// kms: keys, their states and what is done under them; one file per family of operations.
// This file: GenerateMac and VerifyMac.

import { type Bytes, equalBytes } from '../codec/bytes.ts'
import type { Context, Handler } from '../hsm/context.ts'
import { macUnder } from '../hsm/macs.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { MacAlgorithm } from '../protocol/keySpecs.ts'
import { arnOf, currentMaterialOf } from './keys.ts'
import { noteUse } from './usage.ts'
import { keyForUse, type UseInput } from './use.ts'

interface MacInput extends UseInput {
  readonly Message: Bytes
  readonly MacAlgorithm: MacAlgorithm
}

async function make(
  context: Context,
  input: MacInput,
  action: 'kms:GenerateMac' | 'kms:VerifyMac',
) {
  const { MacAlgorithm, Message } = input
  const key = await keyForUse(context, input, {
    action,
    usage: 'GENERATE_VERIFY_MAC',
    algorithm: { condition: 'kms:macalgorithm', name: MacAlgorithm },
  })
  const material = await currentMaterialOf(context, key)
  const mac = await macUnder(context.vault, material, MacAlgorithm, Message)
  return { key, mac, answer: { KeyId: arnOf(key), MacAlgorithm } }
}

export const generateMac: Handler<'kms:GenerateMac'> = async (context, input) => {
  const { key, mac, answer } = await make(context, input, 'kms:GenerateMac')
  await noteUse(context, key, 'GenerateMac')
  return { ...answer, Mac: mac }
}

export const verifyMac: Handler<'kms:VerifyMac'> = async (context, input) => {
  const { key, mac, answer } = await make(context, input, 'kms:VerifyMac')
  if (!equalBytes(mac, input.Mac)) throw new KeyhearthError('invalid-mac')
  await noteUse(context, key, 'VerifyMac')
  return { ...answer, MacValid: true }
}
