import { z } from './shapes.js';

/** What the environment says is wrong; the message has one line a variable. The process ends with exit code 2. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

const port = (standard: number) => z.coerce.number().int().min(0).max(65_535).default(standard);
const seconds = (standard: number) => z.coerce.number().int().min(1).default(standard);
const level = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info');
const url = (protocol: RegExp, expected: string) =>
  z.string().refine((text) => URL.canParse(text) && protocol.test(new URL(text).protocol), expected);
const everywhere = { HOST: z.string().min(1).default('127.0.0.1'), LOG_LEVEL: level };
const onDatabase = {
  ...everywhere,
  DATABASE_URL: url(/^postgres(ql)?:$/, 'expected postgres://user:password@host:port/database'),
  ADMIN_KEY: z.string().min(8).optional(),
  GRACE_SECONDS: seconds(10),
  LAME_DUCK_MS: z.coerce.number().int().min(0).default(0),
};

const databaseSchema = z.object({
  ...everywhere,
  PORT: port(5432),
  DATA: z.string().min(1).optional(),
  DATABASE_PASSWORD: z.string().min(8),
});
const authSchema = z.object({
  ...onDatabase,
  PORT: port(8001),
  ACCESS_TOKEN_SECONDS: seconds(900),
  REFRESH_TOKEN_SECONDS: seconds(30 * 24 * 3600),
  OUTAGE_SECONDS: seconds(30),
});
const backendSchema = z.object({
  ...onDatabase,
  PORT: port(8000),
  AUTH_URL: url(/^https?:$/, 'expected http://host:port, where the auth service is'),
});

const addresses = z
  .string()
  .transform((value) => value.split(',').map((address) => address.trim()))
  .pipe(z.array(url(/^http:$/, 'expected http://host:port,http://host:port')).min(1))
  .transform((urls) => urls.map((url) => new URL(url)));
const balancerSchema = z.object({
  ...everywhere,
  PORT: port(8080),
  REPLICAS: addresses,
  CHECK_MS: z.coerce.number().int().min(10).default(200),
  IDLE_SECONDS: seconds(3600),
  GRACE_SECONDS: seconds(10),
});

export type DatabaseConfiguration = z.infer<typeof databaseSchema>;
export type AuthConfiguration = z.infer<typeof authSchema>;
export type BackendConfiguration = z.infer<typeof backendSchema>;
export type BalancerConfiguration = z.infer<typeof balancerSchema>;
export type Environment = Readonly<Record<string, string | undefined>>;

/** @throws ConfigurationError naming every variable that is missing or wrong */
export const databaseConfiguration = (environment: Environment) => read(databaseSchema, environment);
/** @throws ConfigurationError naming every variable that is missing or wrong */
export const authConfiguration = (environment: Environment) => read(authSchema, environment);
/** @throws ConfigurationError naming every variable that is missing or wrong */
export const backendConfiguration = (environment: Environment) => read(backendSchema, environment);
/** @throws ConfigurationError naming every variable that is missing or wrong */
export const balancerConfiguration = (environment: Environment) => read(balancerSchema, environment);

function read<Schema extends z.ZodType>(schema: Schema, environment: Environment): z.infer<Schema> {
  // An empty variable is how many launchers say "not set".
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  // Values are never repeated: some of them are secrets.
  const lines = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${problem(issue, given)}`);
  throw new ConfigurationError(`The environment does not describe this service:\n${lines.join('\n')}`);
}

const problem = (
  issue: { readonly message: string; readonly path: readonly PropertyKey[] },
  given: object,
) => (Object.hasOwn(given, issue.path[0] ?? '') ? issue.message : `missing; ${issue.message}`);
