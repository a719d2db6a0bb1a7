using System.Text.Json;
using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn;

/// <summary>Converts a fitted scikit-learn estimator, read as data, to ONNX. Output names are Slipway's: label, probabilities, decision, prediction, cluster, score, transformed.</summary>
internal static class SklearnConverter
{
    /// <summary>The ONNX model file.</summary>
    /// <param name="pickled">The unpacked pickle or joblib dump.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> or <see cref="ErrorCode.NotSupported"/> names the estimator and what is wrong.</exception>
    public static byte[] Convert(object? pickled, string sourceDigest)
    {
        Estimator root = Root(pickled);
        KnownEstimators.All.Find(root);
        GraphBuilder graph = new();
        try
        {
            FeatureTable inputs = SklearnInputs.Declare(root, graph);
            Dictionary<string, string> metadata = new(StringComparer.Ordinal)
            {
                ["source"] = "scikit-learn",
                ["source_version"] = root.Version.Major == 0 && root.Version.Minor == 0 ? "" : root.Version.ToString(),
                ["source_digest"] = sourceDigest,
                ["estimator"] = root.ClassName,
            };
            if (pickled is not PickleObject)
            {
                metadata["chosen_from"] = PickledContents.Describe(pickled);
            }

            ModelSize.Of(pickled).AddTo(metadata);
            if (inputs.Blocks.Count == 1 && InnerEstimators.NamesOf(root) is var names && names.Count == inputs.Width)
            {
                metadata[ModelMetadataKeys.FeatureNames] = NamesOf(names);
            }

            Emit(root, inputs, new ConversionScope(graph, KnownEstimators.All), metadata);
            return graph.BuildModel(root.ClassName, metadata);
        }
        catch (Exception exception) when (exception is ArgumentException or IndexOutOfRangeException or OverflowException or InvalidOperationException or InvalidCastException or FormatException)
        {
            // Arrays whose sizes contradict each other: a damaged or hand-made file.
            throw new SlipwayException(ErrorCode.InvalidModel, $"the {root.ClassName} is damaged: its attributes do not fit together ({exception.Message})", exception);
        }
    }

    /// <summary>The estimator of a file.</summary>
    public static Estimator Root(object? pickled)
    {
        PickleObject node = PickledModel.Find(pickled, out string path) ?? throw new SlipwayException(
            ErrorCode.NotSupported, $"the pickle holds no single estimator but {PickledContents.Describe(pickled)}; save the fitted estimator, or a Pipeline of all steps, by itself");
        new EstimatorNesting(KnownEstimators.All).Check(node);
        return new Estimator(node, path);
    }

    private static void Emit(Estimator root, FeatureTable x, ConversionScope scope, Dictionary<string, string> metadata)
    {
        List<string> defaults = [];
        GraphBuilder graph = scope.Graph;
        void Offer(Edge? edge, string name, bool isDefault)
        {
            if (edge is { } known)
            {
                graph.Output(known, name);
                if (isDefault)
                {
                    defaults.Add(name);
                }
            }
        }

        if (scope.CanPredict(root))
        {
            Prediction prediction = scope.Predict(root, x);
            if (prediction.Classes is { } classes && prediction.ClassIndex is { } index)
            {
                Offer(classes.Emit(graph, index), "label", true);
                metadata[ModelMetadataKeys.OutputLabels] = LabelsOf(classes, prediction);
            }

            if (prediction.Outputs is { } outputs)
            {
                metadata[ModelMetadataKeys.OutputLabels] = OfferEach(outputs, graph, Offer);
            }

            Offer(prediction.Labels, "label", true);
            Offer(prediction.Inlier, "label", true);
            Offer(prediction.Probabilities, "probabilities", true);
            Offer(prediction.Value, "prediction", true);
            Offer(prediction.Cluster, "cluster", true);
            Offer(prediction.Decision, "decision", false);
            Offer(prediction.Score, "score", defaults.Count == 0);
        }

        if (scope.CanTransform(root))
        {
            Offer(scope.Transform(root, x).ToMatrix(scope), "transformed", defaults.Count == 0);
        }

        if (defaults.Count == 0)
        {
            throw root.NotSupported("neither predicting nor transforming");
        }

        metadata[ModelMetadataKeys.DefaultOutputs] = NamesOf(defaults);
    }

    // One column of labels for each output, and a table of probabilities for each.
    private static string OfferEach(IReadOnlyList<Prediction> outputs, GraphBuilder graph, Action<Edge?, string, bool> offer)
    {
        Edge[] labels = [.. outputs.Select(output => graph.Reshape(output.Classes!.Emit(graph, output.ClassIndex!.Value), -1, 1))];
        OnnxDataType type = labels.Any(static label => label.Type == OnnxDataType.String) ? OnnxDataType.String : OnnxDataType.Int64;
        offer(graph.Concat([.. labels.Select(label => graph.Cast(label, type))], -1), "label", true);
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            foreach ((int i, Prediction output) in outputs.Index())
            {
                offer(output.Probabilities, $"probabilities_{i}", true);
                WriteLabels(writer, $"probabilities_{i}", output.Probabilities, output.Classes!);
            }

            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string LabelsOf(ClassLabels classes, Prediction prediction)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            WriteLabels(writer, "probabilities", prediction.Probabilities, classes);
            WriteLabels(writer, "decision", prediction.Decision, classes);
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteLabels(Utf8JsonWriter writer, string output, Edge? edge, ClassLabels classes)
    {
        if (edge is { } known && known.Width == classes.Count)
        {
            writer.WriteStartArray(output);
            foreach (string name in classes.Names)
            {
                writer.WriteStringValue(name);
            }

            writer.WriteEndArray();
        }
    }

    private static string NamesOf(IReadOnlyList<string> names)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartArray();
            foreach (string name in names)
            {
                writer.WriteStringValue(name);
            }

            writer.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
