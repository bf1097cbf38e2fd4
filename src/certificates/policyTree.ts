// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: the valid policy tree (RFC 5280 sections 6.1.2 to 6.1.5). Nodes of one depth with one policy are
// kept as one node with several parents: the tree of the specification doubles with each certificate that
// wants it to, this graph does not.

import { anyPolicy, type PolicyInformation } from './certificatePolicies.ts'
import type { PolicyMapping } from './extensions.ts'

interface PolicyNode {
  expected: ReadonlySet<string>
  /** Policies of the depth above. */
  readonly parents: Set<string>
}

type Depth = Map<string, PolicyNode>

export class PolicyTree {
  #depths: Depth[] = [
    new Map([[anyPolicy, { expected: new Set([anyPolicy]), parents: new Set<string>() }]]),
  ]

  /** The tree has become NULL. */
  get isNull(): boolean {
    return (this.#depths.at(-1)?.size ?? 0) === 0
  }

  #end(): void {
    this.#depths = [new Map()]
  }

  /** Section 6.1.3 (d) and (e). @param takesAny anyPolicy in this certificate counts */
  add(policies: readonly PolicyInformation[] | null, takesAny: boolean): void {
    const above = this.#depths.at(-1)
    if (!policies || !above || this.isNull) {
      this.#end()
      return
    }
    const expecting = new Map<string, Set<string>>()
    for (const [policy, node] of above) {
      for (const expected of node.expected) {
        expecting.set(expected, (expecting.get(expected) ?? new Set()).add(policy))
      }
    }
    const anyParent = above.has(anyPolicy) ? new Set([anyPolicy]) : undefined
    const depth: Depth = new Map()
    for (const { oid } of policies) {
      const parents = oid === anyPolicy ? undefined : (expecting.get(oid) ?? anyParent)
      if (parents) depth.set(oid, { expected: new Set([oid]), parents: new Set(parents) })
    }
    if (takesAny && policies.some(({ oid }) => oid === anyPolicy)) {
      for (const [policy, parents] of expecting) {
        if (!depth.has(policy)) depth.set(policy, { expected: new Set([policy]), parents })
      }
    }
    this.#depths.push(depth)
    this.#prune()
  }

  /** Section 6.1.4 (b). */
  map(mappings: readonly PolicyMapping[], isAllowed: boolean): void {
    const depth = this.#depths.at(-1)
    if (!depth || this.isNull) return
    const targets = new Map<string, Set<string>>()
    for (const { issuerDomain, subjectDomain } of mappings) {
      targets.set(issuerDomain, (targets.get(issuerDomain) ?? new Set()).add(subjectDomain))
    }
    for (const [policy, expected] of targets) {
      const node = depth.get(policy)
      if (!isAllowed) depth.delete(policy)
      else if (node) node.expected = expected
      else if (depth.has(anyPolicy)) depth.set(policy, { expected, parents: new Set([anyPolicy]) })
    }
    this.#prune()
  }

  /** Nodes without children go, from the bottom up. */
  #prune(): void {
    if (this.isNull) this.#end()
    for (let at = this.#depths.length - 1; at > 0; at--) {
      const used = new Set<string>()
      for (const { parents } of this.#depths[at]?.values() ?? []) {
        for (const parent of parents) used.add(parent)
      }
      const above = this.#depths[at - 1] ?? new Map<string, PolicyNode>()
      for (const policy of above.keys()) if (!used.has(policy)) above.delete(policy)
    }
  }

  /**
   * Section 6.1.5 (g): what is left for policies that the caller accepts, in the words of the anchor's domain.
   * @param wanted `null`: any
   */
  accepted(wanted: ReadonlySet<string> | null): ReadonlySet<string> {
    if (this.isNull) return new Set()
    // Under each node, the policies just below anyPolicy that it comes from.
    let roots = new Map<string, ReadonlySet<string>>([[anyPolicy, new Set([anyPolicy])]])
    for (const depth of this.#depths.slice(1)) {
      roots = new Map(
        [...depth].map(([policy, { parents }]) => [policy, rootsOf(policy, parents, roots)]),
      )
    }
    const left = new Set([...roots.values()].flatMap((some) => [...some]))
    if (!wanted) return left
    return left.has(anyPolicy) ? wanted : new Set([...left].filter((policy) => wanted.has(policy)))
  }
}

function rootsOf(
  policy: string,
  parents: ReadonlySet<string>,
  above: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  if (parents.has(anyPolicy)) return new Set([policy])
  return new Set([...parents].flatMap((parent) => [...(above.get(parent) ?? [])]))
}
