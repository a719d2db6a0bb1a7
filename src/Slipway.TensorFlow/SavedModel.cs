using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.TensorFlow.Bundles;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;
using Slipway.TensorFlow.TextForm;

namespace Slipway.TensorFlow;

/// <summary>A SavedModel that has been opened: the graph for serving, and where its variables and assets come from. Valid as long as its files are.</summary>
internal sealed class SavedModel
{
    /// <summary>Name of the file with the graphs.</summary>
    public const string FileName = "saved_model.pb";

    /// <summary>What the name of a SavedModel in text form ends with.</summary>
    public const string TextExtension = "saved_model.pbtxt";

    private const int MaxAssetBytes = 256 << 20;

    private readonly VersionFiles _files;
    private readonly string _folder;

    private SavedModel(VersionFiles files, string folder, MetaGraph graph, VariablesBundle? bundle)
    {
        (_files, _folder, Graph, Bundle) = (files, folder, graph, bundle);
    }

    /// <summary>The graph with the tag <c>serve</c>.</summary>
    public MetaGraph Graph { get; }

    /// <summary>The variables; null when the model has none.</summary>
    public VariablesBundle? Bundle { get; }

    /// <summary>Opens the model whose graphs are in the version's main file.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> or <see cref="ErrorCode.NotSupported"/>.</exception>
    public static SavedModel Open(VersionFiles files)
    {
        VersionFile main = files.Open(files.MainFile);
        byte[] content = WholeFile.Read(main);
        bool isText = files.MainFile.EndsWith(TextExtension, StringComparison.Ordinal);
        MetaGraph graph = !isText && SavedModelSniffer.LooksLikeGraph(content)
            ? FrozenGraph.Read(content)
            : MetaGraph.Choose(SavedModelReader.Read(isText ? TextFormEncoder.Encode(content) : content));
        string folder = files.MainFile[..^FileNameOf(files.MainFile).Length];
        return new SavedModel(files, folder, graph, VariablesBundle.Open(files, folder));
    }

    /// <summary>Variables and tables with their content.</summary>
    public ModelResources Initialize(OperatorTable operators, CancellationToken cancellationToken)
    {
        ModelResources resources = new(Bundle, ReadAsset);
        ModelInitializer.Run(Graph, resources, operators, cancellationToken);
        return resources;
    }

    private byte[] ReadAsset(string name)
    {
        string path = $"{_folder}assets/{name}";
        if (!_files.Contains(path))
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"the version has no file '{path}'");
        }

        VersionFile file = _files.Open(path);
        return file.Length <= MaxAssetBytes
            ? WholeFile.Read(file)
            : throw new SlipwayException(ErrorCode.NotSupported, $"'{path}' is larger than {MaxAssetBytes >> 20} MiB");
    }

    private static string FileNameOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
