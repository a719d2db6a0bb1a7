using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Registry.Options;
using Slipway.TestKit;

namespace Slipway.Registry.Tests.Kit;

/// <summary>
/// Base of the batteries that every store has to pass. A further store derives one class from each battery and says in <see cref="AddStore"/> what stands in for the embedded parts.
/// </summary>
public abstract class RegistryKit : IAsyncLifetime
{
    private readonly List<ServiceProvider> _open = [];

    protected static ChangeContext Ana { get; } = new("ana", "because");

    protected static IReadOnlyDictionary<string, string> NoTags { get; } = new Dictionary<string, string>();

    protected TemporaryFolder Folder { get; } = new();

    protected IServiceProvider Services { get; private set; } = null!;

    protected IModelRegistry Registry => Services.GetRequiredService<IModelRegistry>();

    protected ITrackingStore Tracking => Services.GetRequiredService<ITrackingStore>();

    protected IArtifactStore Artifacts => Services.GetRequiredService<IArtifactStore>();

    protected IBlobStore Blobs => Services.GetRequiredService<IBlobStore>();

    protected virtual RegistryOptions Options => new() { DataFolder = Folder.Root };

    public virtual ValueTask InitializeAsync()
    {
        Services = Open(Options);
        return ValueTask.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (ServiceProvider services in _open)
        {
            await services.DisposeAsync();
        }

        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Adds what stands in for the embedded database and blobs; each call opens the same store once more, as another process would.</summary>
    protected virtual void AddStore(IServiceCollection services)
    {
    }

    /// <summary>Opens the store once more.</summary>
    protected IServiceProvider Open(RegistryOptions options, TimeProvider? clock = null)
    {
        ServiceCollection services = [];
        services.AddLogging();
        if (clock is not null)
        {
            services.AddSingleton(clock);
        }

        AddStore(services);
        ServiceProvider provider = services.AddSlipwayRegistry(options).BuildServiceProvider();
        _open.Add(provider);
        return provider;
    }

    /// <summary>Stores content and names it.</summary>
    protected async Task<ArtifactFile> FileAsync(string path, string content)
    {
        BlobInfo blob = await Blobs.PutAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)), long.MaxValue, CancellationToken.None);
        return new ArtifactFile(path, blob.Digest, blob.Length);
    }

    /// <summary>Publishes a version with one small file.</summary>
    protected async Task<ModelVersion> PublishAsync(string model, string content = "weights", ChangeContext? change = null) => await Registry.CreateVersionAsync(
        new NewModelVersion { Model = model, CreateModel = true, Manifest = new ModelManifest([await FileAsync("model.onnx", content)]) },
        change ?? Ana,
        CancellationToken.None);

    protected static async Task<SlipwayException> RefusalAsync(ErrorCode code, Func<Task> action)
    {
        SlipwayException refusal = await Assert.ThrowsAsync<SlipwayException>(action);
        Assert.Equal(code, refusal.Code);
        return refusal;
    }

    protected static SearchClause Clause(SearchField field, string key, SearchOperator how, params object[] values) => new(
        field, key, how, [.. values.Select(static value => value is string text ? new SearchValue(text, null) : new SearchValue(null, Convert.ToDouble(value)))]);
}
