import { type INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { toJsonSchema } from './json-schema.js';
import { withConventions } from './conventions.js';

/**
 * The OpenAPI 3.1 document of everything that is called by programs; also what `docs/openapi.json` is made from. Not in
 * it: where browsers come back to from a provider's consent page, and the metrics, which have a format of their own.
 */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const info = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('HRBC Mail')
    .setVersion('1')
    .setDescription("Connects each user's mailbox to HRBC: settings, inbox, outbox and the audit trail.")
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: "HRBC's token" })
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, info, {
    standardSchemaConverter: toJsonSchema,
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  return withConventions(document);
}

/** `GET /api/openapi.json` and, for people, `/api/docs`. The document is made on first use. */
export function setUpOpenApi(app: INestApplication): void {
  SwaggerModule.setup('api/docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'api/openapi.json',
    raw: ['json'],
    customSiteTitle: 'HRBC Mail API',
  });
}
