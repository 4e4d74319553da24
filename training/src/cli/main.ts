/** Runs a command; what goes wrong ends in one line on stderr and exit code 1, with the stack only when asked for. */
export async function main(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    const known = error instanceof Error;
    const code = known && 'code' in error ? String(error.code) : '';
    if (code.startsWith('ERR_PARSE_ARGS')) console.error('--help lists the options.');
    console.error(known && !process.env.DEBUG ? `${error.name}: ${error.message}` : error);
    process.exitCode = 1;
  }
}
