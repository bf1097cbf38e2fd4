// The bench: what the relay reads of a page to find messages, beside walking the same nodes and doing nothing.

import { resolve } from 'node:path'
import { bundle } from '../../tests/e2e/awsPage.ts'
import type { Case } from './cases.ts'
import { figure } from './figures.ts'
import { largePage, nodesOfPost, postOf } from './pageLoad.ts'

const rounds = 21
/** About a thousand nodes. */
const posts = Math.round(1000 / nodesOfPost)
const aim = '≤ 1 ms'

export const scanning: Case = async ({ keyhearth, site }) => {
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(largePage()))
  const code = JSON.stringify(resolve('scripts/bench/scanPage.ts'))
  await page.addScriptTag({ content: await bundle(`import ${code}`) })
  const first = await page.evaluate((count) => window.scan.first(count), rounds)
  const changed = (where: 'end' | 'apart') =>
    page.evaluate(([html, count, place, turns]) => window.scan.changed(html, count, place, turns), [
      postOf(0),
      posts,
      where,
      rounds,
    ] as const)
  const atTheEnd = await changed('end')
  const apart = await changed('apart')
  await page.close()
  const against = 'walking the same nodes'
  return [
    figure('a page read for messages, per 1,000 nodes', against, first, aim),
    figure('1,000 nodes added to its end', against, atTheEnd, aim),
    figure('the same, in 91 places of 50,000 nodes', against, apart, aim),
  ]
}
