using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.OpenInference.Settings;
using Slipway.Protocols.Protos.Inference;
using LogChoice = Slipway.Protocols.Protos.Inference.LogSettingsRequest.Types.SettingValue.ParameterChoiceOneofCase;
using LogValue = Slipway.Protocols.Protos.Inference.LogSettingsResponse.Types.SettingValue;
using TraceValue = Slipway.Protocols.Protos.Inference.TraceSettingResponse.Types.SettingValue;

namespace Slipway.Protocols.OpenInference.Grpc;

/// <summary>Log and trace settings of the running server over gRPC, where reading and changing are one call.</summary>
internal sealed class SettingsGrpcService(IModelCatalog catalog, LogSettings log, TraceSettings trace)
{
    /// <summary>LogSettings: changes what is given and tells all.</summary>
    public async ValueTask LogAsync(GrpcCall call)
    {
        LogSettingsRequest request = await call.ReadOnlyAsync(LogSettingsRequest.Parser);
        log.Change([.. request.Settings.Where(static setting => setting.Value.ParameterChoiceCase != LogChoice.None).Select(static setting => KeyValuePair.Create(setting.Key, ValueOf(setting.Value)))]);
        LogSettingsResponse response = new();
        foreach ((string name, ParameterValue value) in log.Read())
        {
            response.Settings.Add(name, value.Kind switch
            {
                ParameterKind.Bool => new LogValue { BoolParam = value.Bool },
                ParameterKind.Int64 => new LogValue { Uint32Param = (uint)value.Int64 },
                _ => new LogValue { StringParam = value.Text },
            });
        }

        await call.WriteAsync(response);
    }

    /// <summary>TraceSetting: changes what is given and tells all. An empty list puts the configured value back.</summary>
    public async ValueTask TraceAsync(GrpcCall call)
    {
        TraceSettingRequest request = await call.ReadOnlyAsync(TraceSettingRequest.Parser);
        if (request.ModelName.Length > 0)
        {
            catalog.Find(request.ModelName);
            if (request.Settings.Count > 0)
            {
                throw TraceSettings.NotOfModels();
            }
        }

        trace.Change([.. request.Settings.Select(static setting => KeyValuePair.Create(setting.Key, (IReadOnlyList<string>)setting.Value.Value))]);
        TraceSettingResponse response = new();
        foreach ((string name, string value) in trace.Read())
        {
            response.Settings.Add(name, new TraceValue { Value = { value } });
        }

        await call.WriteAsync(response);
    }

    private static ParameterValue ValueOf(LogSettingsRequest.Types.SettingValue value) => value.ParameterChoiceCase switch
    {
        LogChoice.BoolParam => ParameterValue.Of(value.BoolParam),
        LogChoice.Uint32Param => ParameterValue.Of((long)value.Uint32Param),
        _ => ParameterValue.Of(value.StringParam),
    };
}
