import type { Grant, Principal, Token } from './model.ts'

/** Grants and tokens. Each adapter passes the contract suite in `test/contract/access-store.ts`. */
export interface AccessStore {
  /** The grants of exactly this principal; strongly consistent. */
  grantsOf(principal: Principal): Promise<readonly Grant[]>
  grants(): Promise<readonly Grant[]>
  /** False if there is a grant of that id for the principal. */
  addGrant(grant: Grant): Promise<boolean>
  /** False if it is not there. */
  removeGrant(grant: Pick<Grant, 'id' | 'principal'>): Promise<boolean>
  /** Strongly consistent: what was revoked is seen as revoked. */
  token(id: string): Promise<Token | undefined>
  tokens(): Promise<readonly Token[]>
  /** Stores `next` if the stored version is still `expected` (0: there is none); false if not. */
  writeToken(next: Token, expected: number): Promise<boolean>
}
