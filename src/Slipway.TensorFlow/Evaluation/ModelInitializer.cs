using System.Text;
using Slipway.Core;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Evaluation;

/// <summary>
/// Fills variables and tables by following what the model runs when it is loaded: the operation that restores the checkpoint, which alone says which tensor belongs
/// to which variable, then the initialisers.
/// </summary>
internal static class ModelInitializer
{
    /// <summary>Name of the signature whose output is the initialiser; it is none that can be called.</summary>
    public const string InitSignature = "__saved_model_init_op";

    /// <summary>Runs it. What is not supported in it is passed over: it may not matter to a signature, and where it does the variable or table is found empty.</summary>
    public static void Run(MetaGraph graph, ModelResources resources, OperatorTable operators, CancellationToken cancellationToken)
    {
        IEnumerable<string> initializers = graph.InitOperations;
        if (graph.Signatures.TryGetValue(InitSignature, out SignatureDefinition? signature))
        {
            initializers = initializers.Concat(signature.Outputs.Values.Select(static output => output.Name));
        }

        foreach (string reference in initializers.Prepend(graph.RestoreOperation).Where(static reference => reference.Length > 0).Distinct())
        {
            string name = TensorReference.Parse(reference).Node;
            Evaluator evaluator = new(graph, resources, operators, cancellationToken) { IsInitializing = true };
            Frame frame = new(graph.Nodes);
            if (frame.Find(name) is null)
            {
                continue;
            }

            GiveAssets(graph, evaluator, frame);
            try
            {
                evaluator.Evaluate(frame, [name]);
            }
            catch (SlipwayException refusal) when (refusal.Code == ErrorCode.NotSupported)
            {
            }
        }
    }

    // The file's name stands in a constant that held another machine's path when the model was saved.
    private static void GiveAssets(MetaGraph graph, Evaluator evaluator, Frame frame)
    {
        foreach (AssetFile asset in graph.Assets)
        {
            TensorReference tensor = TensorReference.Parse(asset.TensorName);
            frame.Given[(tensor.Node, tensor.Index)] = evaluator.Draft.Constant(new TensorData(PartialShape.Scalar, [Encoding.UTF8.GetBytes(asset.FileName)]));
        }
    }
}
