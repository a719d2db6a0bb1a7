using Slipway.Registry.Tests.Kit;

namespace Slipway.Registry.Tests.Embedded;

public sealed class EmbeddedSharedRecordsTests : SharedRecordsKit;
