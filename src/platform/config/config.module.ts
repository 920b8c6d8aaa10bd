import { type DynamicModule, Inject, Module } from '@nestjs/common';
import { type AppConfig } from './app-config.js';

/** Injection token of the AppConfig. */
export const APP_CONFIG = Symbol('AppConfig');

/** `constructor(@InjectConfig() private readonly config: AppConfig)` */
export const InjectConfig = (): ParameterDecorator & PropertyDecorator => Inject(APP_CONFIG);

/** Makes the configuration injectable everywhere. */
@Module({})
export class ConfigModule {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: APP_CONFIG, useValue: config }],
      exports: [APP_CONFIG],
    };
  }
}
