using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Protos.Inference;
using Value = Slipway.Protocols.Protos.Inference.LogSettingsResponse.Types.SettingValue;

namespace Slipway.Protocols.OpenInference.Grpc;

/// <summary>Answers LogSettings with what is logged. What is logged is the operator's to say, in the server's configuration: a change is refused.</summary>
internal sealed class LogSettingsHandler(ILoggerFactory loggers)
{
    private const string Category = "Slipway";

    /// <summary>Handles one call.</summary>
    public async ValueTask HandleAsync(GrpcCall call)
    {
        LogSettingsRequest request = await call.ReadOnlyAsync(LogSettingsRequest.Parser);
        if (request.Settings.Count > 0)
        {
            throw new SlipwayException(ErrorCode.NotSupported, "log settings are not changed by callers; the server's configuration has them");
        }

        ILogger logger = loggers.CreateLogger(Category);
        LogSettingsResponse response = new();
        response.Settings.Add("log_info", new Value { BoolParam = logger.IsEnabled(LogLevel.Information) });
        response.Settings.Add("log_warning", new Value { BoolParam = logger.IsEnabled(LogLevel.Warning) });
        response.Settings.Add("log_error", new Value { BoolParam = logger.IsEnabled(LogLevel.Error) });
        response.Settings.Add("log_verbose_level", new Value { Uint32Param = logger.IsEnabled(LogLevel.Debug) ? 1u : 0 });
        await call.WriteAsync(response);
    }
}
