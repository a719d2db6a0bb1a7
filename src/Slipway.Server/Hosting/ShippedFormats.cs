using Microsoft.Extensions.DependencyInjection;
using Slipway.Formats;
using Slipway.Keras;
using Slipway.OnnxRuntime;
using Slipway.Pmml;
using Slipway.Sklearn;
using Slipway.TensorFlow;

namespace Slipway.Server.Hosting;

/// <summary>
/// Every kind of model that Slipway reads, with the runtimes that run them: the one place where the rooms of formats come together. The server and the
/// commands that work without one compose the same set.
/// </summary>
public static class ShippedFormats
{
    /// <summary>Adds them all.</summary>
    public static IServiceCollection AddShippedFormats(this IServiceCollection services)
    {
        services.AddOnnxRuntime();
        services.AddKerasFormat();
        services.AddTensorFlowModels();
        services.AddPmml();
        services.AddModelFormats();
        services.AddSklearnFormat();
        return services;
    }
}
