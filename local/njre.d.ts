declare module 'njre' {
  /** Fetches a Java runtime into the folder `jre` beside `installPath`; gives that folder. */
  export function install(version: number, options: { type: 'jre' | 'jdk'; installPath: string }): Promise<string>
}
