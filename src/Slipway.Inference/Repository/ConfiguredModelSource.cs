using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Inference.Repository.Settings;

namespace Slipway.Inference.Repository;

/// <summary>
/// Models of a given list, watched like a folder of models. The list may be replaced while it is served, but only within the folders that the operator
/// allows: a caller who may reload the list must not be able to have any folder of the machine opened.
/// </summary>
public sealed class ConfiguredModelSource : IModelSource, IModelListControl, IDisposable
{
    private readonly ConfiguredScanner _scanner;
    private readonly ScanLoop _loop;

    /// <summary>Makes a source over the operator's list.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/> when the list, or its file, is wrong; all faults in one message.</exception>
    public ConfiguredModelSource(ConfiguredModelSourceOptions options, TimeProvider time, ILogger<ConfiguredModelSource> logger)
    {
        _scanner = new ConfiguredScanner(options, time, logger);
        _loop = new ScanLoop(_scanner, options, time, logger);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<DesiredState> WatchAsync(CancellationToken cancellationToken) => _loop.WatchAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DesiredState> RefreshAsync(CancellationToken cancellationToken) => _loop.RefreshAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task ReplaceModelsAsync(IReadOnlyList<ConfiguredModel> models, CancellationToken cancellationToken)
    {
        _scanner.Check(models, isOperator: false);
        await _loop.ChangeAsync(() => _scanner.Replace(models), cancellationToken);
    }

    /// <summary>
    /// Reads TensorFlow Serving's <c>model_config_list</c> in protobuf text form. Problems go to <paramref name="reader"/>.
    /// </summary>
    public static IReadOnlyList<ConfiguredModel> ParseList(string text, ConfigReader reader) => TfServingModelList.Read(text, reader);

    /// <inheritdoc/>
    public void Dispose() => _loop.Dispose();
}
