// gate: who asks, may they, dispatch, record. This file: what would miss a key that was disabled or
// deleted. Keys know nothing of secrets, so the two are brought together here.

import type { Handler } from '../hsm/context.ts'
import { findKey } from '../kms/access.ts'
import { aliasesOfKey } from '../kms/aliasRecords.ts'
import { grantsOf, isOver } from '../kms/grantRecords.ts'
import { describeUse } from '../kms/usage.ts'
import { secretsUnder } from '../secrets/reading.ts'

const mostNames = 20

export const describeKeyUse: Handler<'keyhearth:DescribeKeyUse'> = async (context, { KeyId }) => {
  const key = await findKey(context, KeyId)
  const secrets = await secretsUnder(context, key)
  return {
    ...(await describeUse(context, key)),
    Secrets: secrets.length,
    SecretNames: secrets.slice(0, mostNames).map(({ name }) => name),
    Aliases: (await aliasesOfKey(context, key)).map(({ alias }) => alias),
    Grants: (await grantsOf(context, key.keyId)).filter((grant) => !isOver(grant, context.now))
      .length,
  }
}
